package comfyserverless.contract.file;

/// A file as clients name it: `{filename, subfolder, type}`.
///
/// @param subfolder slash-separated, empty for the folder itself; never with `..`
public record FileRef(FileType type, String subfolder, String name) {
    public FileRef {
        FileNames.check(subfolder, name);
    }
}
