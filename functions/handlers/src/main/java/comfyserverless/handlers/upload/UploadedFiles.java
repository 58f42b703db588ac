package comfyserverless.handlers.upload;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.HttpProblem;
import java.util.Optional;

/// Stores what clients bring, under the names that ComfyUI gives (image_upload in server.py, 0.3.64):
/// the same bytes keep their name, other bytes get "name (1).png".
final class UploadedFiles {
    private final Files files;

    UploadedFiles(Files files) {
        this.files = files;
    }

    /// Stores the content; returns the name that the file got.
    ///
    /// @param compared what a file that is there already must hold to count as the same
    String store(String tenant, Target target, Content content, Content compared) {
        if (target.overwrite()) {
            content.put(files, tenant, place(tenant, target, target.fileName()));
            return target.fileName();
        }
        String name = target.fileName();
        for (int number = 1; ; number++) {
            FileRef ref = place(tenant, target, name);
            if (content.putIfAbsent(files, tenant, ref)) {
                return name;
            }
            Optional<StoredFile> there = files.find(tenant, ref);
            if (there.filter(file -> compared.isIn(files, tenant, file)).isPresent()) {
                return name;
            }
            name = numbered(target.fileName(), number);
        }
    }

    private FileRef place(String tenant, Target target, String name) {
        Optional<String> folder = Subfolder.inside(target.type().word(), target.subfolder());
        Optional<String> path = folder.flatMap(f -> Subfolder.joined(f, name));
        if (path.isEmpty()) {
            throw new OutsideFolder();
        }
        if (path.get().equals(folder.orElseThrow())) {
            throw HttpProblem.badRequest(
                    "invalid_name",
                    "The file cannot have this name",
                    "\"" + name + "\" is the folder itself");
        }
        int slash = path.get().lastIndexOf('/');
        String parent = slash < 0 ? "" : path.get().substring(0, slash);
        if (!exists(tenant, target.type(), folder.orElseThrow(), parent)) {
            throw HttpProblem.badRequest(
                    "no_such_folder",
                    "The folder in the file's name does not exist",
                    "\"" + parent + "\" in " + target.type().word());
        }
        try {
            return new FileRef(target.type(), parent, path.get().substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest(
                    "invalid_name",
                    "The file cannot have this name",
                    String.valueOf(e.getMessage()));
        }
    }

    /// The subfolder comes into being with the upload; other folders must hold a file.
    private boolean exists(String tenant, FileType type, String subfolder, String folder) {
        return folder.isEmpty()
                || folder.equals(subfolder)
                || subfolder.startsWith(folder + "/")
                || files.list(tenant, type).stream()
                        .map(file -> file.ref().subfolder())
                        .anyMatch(s -> s.equals(folder) || s.startsWith(folder + "/"));
    }

    private static String numbered(String name, int number) {
        int dot = name.lastIndexOf('.');
        int stem = dot > name.lastIndexOf('/') + 1 ? dot : name.length();
        return name.substring(0, stem) + " (" + number + ")" + name.substring(stem);
    }

    /// The file would lie outside of its folder: a bare 400, as recorded.
    static final class OutsideFolder extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
