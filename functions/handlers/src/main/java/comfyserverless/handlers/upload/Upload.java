package comfyserverless.handlers.upload;

import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Multipart;
import comfyserverless.handlers.http.Request;
import java.util.Optional;

/// An upload form, read: `image` with its file name, `subfolder`, `type`, `overwrite`.
@SuppressWarnings("ArrayRecordComponent")
record Upload(Multipart form, Target target, byte[] bytes) {

    /// Empty if the form has no image, which is a bare 400.
    static Optional<Upload> of(Request request) {
        Optional<Multipart> form = Multipart.of(request);
        Optional<Multipart.Part> image = form.flatMap(f -> f.part("image"));
        if (form.isEmpty() || image.isEmpty()) {
            return Optional.empty();
        }
        String fileName = image.get().fileName();
        boolean named = fileName != null && !fileName.isEmpty();
        if (!named && image.get().bytes().length == 0) {
            return Optional.empty();
        }
        String type = form.get().text("type");
        Target target =
                Target.of(
                        fileName == null ? "" : fileName,
                        form.get().text("subfolder"),
                        type,
                        form.get().text("overwrite"));
        if (target.fileName().isEmpty()) {
            throw HttpProblem.badRequest(
                    "not_a_file", "The field \"image\" is no file", "it has no file name");
        }
        return Optional.of(new Upload(form.get(), target, image.get().bytes()));
    }
}
