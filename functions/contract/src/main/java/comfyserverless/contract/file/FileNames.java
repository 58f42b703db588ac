package comfyserverless.contract.file;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The rules for names of files and subfolders: NUL, backslash, control characters and names over
/// 255 bytes are refused, and nothing leaves its folder.
public final class FileNames {
    private static final int LONGEST = 255;

    private FileNames() {}

    static void check(String subfolder, String name) {
        if (name.isEmpty() || name.contains("/")) {
            throw new IllegalArgumentException("\"" + name + "\" is not a file name");
        }
        checkPart(name);
        if (!subfolder.isEmpty()) {
            for (String part : List.of(subfolder.split("/", -1))) {
                checkPart(part);
            }
        }
    }

    /// A path of names that stays inside its folder.
    ///
    /// @throws IllegalArgumentException if it does not
    public static void checkPath(String path) {
        for (String part : path.split("/", -1)) {
            checkPart(part);
        }
    }

    private static void checkPart(String part) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            throw new IllegalArgumentException("\"" + part + "\" is not a file or folder name");
        }
        if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalArgumentException("\"" + part + "\" is longer than 255 bytes");
        }
        if (part.chars().anyMatch(c -> c < 32 || c == 127 || c == '\\')) {
            throw new IllegalArgumentException(
                    "\"" + part + "\" has a control character or a backslash");
        }
    }
}
