package comfyserverless.handlers.upload;

import comfyserverless.contract.file.FileType;
import comfyserverless.handlers.http.HttpProblem;
import org.jspecify.annotations.Nullable;

/// Where an upload is to lie.
///
/// @param subfolder as sent; it is echoed so
/// @param overwrite whether a file of that name is replaced, else the upload gets another name
record Target(String fileName, String subfolder, FileType type, boolean overwrite) {
    /// As fields say it; all but the file's name may be missing.
    static Target of(
            String fileName,
            @Nullable String subfolder,
            @Nullable String type,
            @Nullable String overwrite) {
        return new Target(
                fileName,
                subfolder == null ? "" : subfolder,
                type(type),
                "true".equals(overwrite) || "1".equals(overwrite));
    }

    private static FileType type(@Nullable String word) {
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
