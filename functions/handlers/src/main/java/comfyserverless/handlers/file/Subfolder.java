package comfyserverless.handlers.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Paths below one of the three folders, as a request writes them.
public final class Subfolder {
    private Subfolder() {}

    /// The path without `.`, `..` and doubled slashes; empty if it leads out of the folder.
    public static Optional<String> normalised(String path) {
        if (path.startsWith("/")) {
            return Optional.empty();
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return Optional.of(String.join("/", parts));
    }

    /// The same for a path that may leave the folder called `root` as long as it comes back, as
    /// `../input/a` does for `input`.
    public static Optional<String> inside(String root, String path) {
        if (path.startsWith("/")) {
            return Optional.empty();
        }
        return normalised(root + "/" + path)
                .filter(whole -> whole.equals(root) || whole.startsWith(root + "/"))
                .map(whole -> whole.substring(Math.min(whole.length(), root.length() + 1)));
    }

    /// The path with the folder taken for the root of all: no `..` leads above it.
    public static String below(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /// The path of `name` below `subfolder`; empty if it leads out of the folder.
    public static Optional<String> joined(String subfolder, String name) {
        if (name.startsWith("/")) {
            return Optional.empty();
        }
        return normalised(subfolder.isEmpty() ? name : subfolder + "/" + name);
    }
}
