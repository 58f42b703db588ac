package comfyserverless.infrastructure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Settings by name and type, of CDK context or of the doctor's flags; a wrong value is told with its name.
///
/// @param values null for a name that was not given
record Context(Function<String, @Nullable Object> values) {
    @Nullable String text(String name) {
        Object value = values.apply(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    String text(String name, String preset) {
        String value = text(name);
        return value == null ? preset : value;
    }

    int number(String name, int preset) {
        String value = text(name);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, value, "a whole number above 0", e);
        }
        throw wrong(name, value, "a whole number above 0", null);
    }

    boolean flag(String name) {
        String value = text(name, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, value, "true or false", null);
        };
    }

    /// A file or folder that must be there if it is named.
    @Nullable Path existing(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        Path path = Path.of(value).toAbsolutePath();
        if (!Files.exists(path)) {
            throw wrong(name, value, "a file or folder that exists", null);
        }
        return path;
    }

    /// What is said of a value that cannot be.
    IllegalArgumentException wrong(String name, String value, String wanted) {
        return wrong(name, value, wanted, null);
    }

    private static IllegalArgumentException wrong(
            String name, String value, String wanted, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "-c " + name + "=" + value + " is not " + wanted + "; see docs/deploy.md", cause);
    }
}
