package comfyserverless.infrastructure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Settings by name and type, of CDK context or of the doctor's flags; a wrong value is told with its name.
///
/// @param values null for a name that was not given
record Context(Function<String, @Nullable Object> values) {
    private static final Pattern VARIABLE = Pattern.compile("(COMFY_[A-Z_]+)=(.+)");

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

    /// `NAME=VALUE,NAME=VALUE`, where each name is one of the `COMFY_…` that a program reads.
    Map<String, String> variables(String name) {
        Map<String, String> variables = new TreeMap<>();
        String value = text(name, "");
        for (String pair : value.isEmpty() ? new String[0] : value.split(",", -1)) {
            Matcher variable = VARIABLE.matcher(pair.strip());
            if (!variable.matches()) {
                throw wrong(name, value, "a list like COMFY_CACHE=lru:10,COMFY_SHARED_CACHE=20");
            }
            variables.put(variable.group(1), variable.group(2));
        }
        return variables;
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
