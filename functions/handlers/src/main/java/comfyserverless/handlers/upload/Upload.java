package comfyserverless.handlers.upload;

import comfyserverless.contract.file.FileType;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Multipart;
import comfyserverless.handlers.http.Request;
import java.util.Optional;

/// An upload form, read: `image` with its file name, `subfolder`, `type`, `overwrite`.
///
/// @param subfolder as sent; it is echoed so
@SuppressWarnings("ArrayRecordComponent")
record Upload(
        Multipart form,
        String fileName,
        byte[] bytes,
        String subfolder,
        FileType type,
        boolean overwrite) {

    /// Empty if the form has no image, which is a bare 400.
    static Optional<Upload> of(Request request) {
        Optional<Multipart> form = Multipart.of(request);
        Optional<Multipart.Part> image = form.flatMap(f -> f.part("image"));
        if (form.isEmpty() || image.isEmpty()) {
            return Optional.empty();
        }
        FileType type = type(form.get().text("type"));
        String fileName = image.get().fileName();
        if (fileName == null && image.get().bytes().length == 0) {
            return Optional.empty();
        }
        if (fileName == null || fileName.isEmpty()) {
            throw HttpProblem.badRequest(
                    "not_a_file", "The field \"image\" is no file", "it has no file name");
        }
        String subfolder = form.get().text("subfolder");
        String overwrite = form.get().text("overwrite");
        return Optional.of(
                new Upload(
                        form.get(),
                        fileName,
                        image.get().bytes(),
                        subfolder == null ? "" : subfolder,
                        type,
                        "true".equals(overwrite) || "1".equals(overwrite)));
    }

    private static FileType type(@org.jspecify.annotations.Nullable String word) {
        if (word == null) {
            return FileType.INPUT;
        }
        return FileType.of(word)
                .orElseThrow(() ->
                        HttpProblem.badRequest(
                                "unknown_type",
                                "The type must be input, output or temp",
                                "\"" + word + "\" is none of them"));
    }
}
