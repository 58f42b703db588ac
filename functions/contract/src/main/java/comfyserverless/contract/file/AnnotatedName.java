package comfyserverless.contract.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// File names as inputs carry them: `sub/a.png`, or with ` [input]`, ` [output]`, ` [temp]` behind
/// (annotated_filepath in folder_paths.py, ComfyUI 0.3.64).
public final class AnnotatedName {
    private AnnotatedName() {}

    /// The file that a name means; empty where the name leaves its folder or is no name.
    public static Optional<FileRef> parse(String annotated) {
        for (FileType type : FileType.values()) {
            String suffix = "[" + type.word() + "]";
            if (annotated.endsWith(suffix)) {
                // One character before the bracket is dropped whatever it is, as ComfyUI does.
                int end = Math.max(0, annotated.length() - suffix.length() - 1);
                return resolve(annotated.substring(0, end)).flatMap(p -> ref(p, type));
            }
        }
        return resolve(annotated).flatMap(parts -> ref(parts, FileType.INPUT));
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
