package comfyserverless.contract.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A file name as inputs carry it: `sub/a.png`, or with ` [input]`, ` [output]`, ` [temp]` behind
/// (annotated_filepath in folder_paths.py, ComfyUI 0.3.64).
///
/// @param name what stands before the bracket, as it was sent
/// @param type the place in the bracket, null if the name says none
public record AnnotatedName(String name, @Nullable FileType type) {

    public static AnnotatedName of(String text) {
        for (FileType type : FileType.values()) {
            String mark = "[" + type.word() + "]";
            if (text.endsWith(mark)) {
                // One character before the bracket is dropped whatever it is, as ComfyUI does.
                int end = Math.max(0, text.length() - mark.length() - 1);
                return new AnnotatedName(text.substring(0, end), type);
            }
        }
        return new AnnotatedName(text, null);
    }

    /// The file that a name means; empty where the name leaves its folder or is no name.
    public static Optional<FileRef> parse(String annotated) {
        AnnotatedName split = of(annotated);
        FileType type = split.type() == null ? FileType.INPUT : split.type();
        return resolve(split.name()).flatMap(parts -> ref(parts, type));
    }

    private static Optional<FileRef> ref(Deque<String> parts, FileType type) {
        try {
            String file = parts.removeLast();
            return Optional.of(new FileRef(type, String.join("/", parts), file));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Deque<String>> resolve(String name) {
        Deque<String> parts = new ArrayDeque<>();
        if (name.startsWith("/")) {
            return Optional.empty();
        }
        for (String part : List.of(name.split("/", -1))) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
    }
}
