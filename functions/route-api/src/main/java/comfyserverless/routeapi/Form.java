package comfyserverless.routeapi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of a form, in the order of sending.
public record Form(List<Field> fields) {
    public Form {
        fields = List.copyOf(fields);
    }

    /// One field.
    ///
    /// @param fileName what the client calls the file, or null for a plain value; not to be trusted as a
    ///     path
    @SuppressWarnings("ArrayRecordComponent")
    public record Field(String name, @Nullable String fileName, String contentType, byte[] bytes) {
        public boolean isFile() {
            return fileName != null;
        }

        /// The content as UTF-8 text.
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// The first plain value of this name.
    public Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    /// All plain values of this name.
    public List<String> texts(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name) && !field.isFile())
                .map(Field::text)
                .toList();
    }

    /// The first file of this name.
    public Optional<Field> file(String name) {
        return files(name).stream().findFirst();
    }

    /// All files of this name.
    public List<Field> files(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name) && field.isFile())
                .toList();
    }

    /// As [#text].
    ///
    /// @throws RouteProblem (400) if there is none
    public String requireText(String name) {
        return text(name).orElseThrow(() -> missing(name, "text"));
    }

    /// As [#file].
    ///
    /// @throws RouteProblem (400) if there is none
    public Field requireFile(String name) {
        return file(name).orElseThrow(() -> missing(name, "file"));
    }

    private RouteProblem missing(String name, String kind) {
        List<String> names = fields.stream().map(Field::name).distinct().toList();
        return RouteProblem.badRequest(
                "missing_field",
                "The form has no " + kind + " \"" + name + "\"",
                "it has " + (names.isEmpty() ? "no fields" : names));
    }
}
