package comfyserverless.handlers.file;

import comfyserverless.contract.file.FileType;
import org.jspecify.annotations.Nullable;

/// A file name that may carry its place in brackets: `a.png [input]` (folder_paths.py,
/// annotated_filepath).
///
/// @param type the place, null if the name says none
public record AnnotatedName(String name, @Nullable FileType type) {
    public static AnnotatedName of(String text) {
        for (FileType type : FileType.values()) {
            String mark = "[" + type.word() + "]";
            if (text.endsWith(mark)) {
                // The space before the bracket goes too, whatever it is.
                int end = Math.max(0, text.length() - mark.length() - 1);
                return new AnnotatedName(text.substring(0, end), type);
            }
        }
        return new AnnotatedName(text, null);
    }
}
