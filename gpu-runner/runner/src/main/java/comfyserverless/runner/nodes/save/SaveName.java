package comfyserverless.runner.nodes.save;

import comfyserverless.nodeapi.NodeException;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/// Where a saved file goes: the prefix with its variables replaced, split into folder and name
/// (get_save_image_path, ComfyUI 0.3.64).
///
/// @param subfolder slash-separated, empty for the folder itself
/// @param stem the name's beginning; may still hold `%batch_num%`
public record SaveName(String subfolder, String stem) {
    /// Fills the variables.
    ///
    /// @throws NodeException if the file would lie outside the folder
    public static SaveName of(String prefix, int width, int height, LocalDateTime now) {
        String path = prefix.contains("%") ? filled(prefix, width, height, now) : prefix;
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    throw outside(prefix);
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        if (path.startsWith("/")) {
            throw outside(prefix);
        }
        String stem = parts.isEmpty() ? "" : parts.removeLast();
        return new SaveName(String.join("/", parts), stem);
    }

    private static NodeException outside(String prefix) {
        return new NodeException(
                "Exception",
                "**** ERROR: Saving image outside the output folder is not allowed: " + prefix);
    }

    private static String filled(String prefix, int width, int height, LocalDateTime now) {
        return prefix.replace("%width%", Integer.toString(width))
                .replace("%height%", Integer.toString(height))
                .replace("%year%", Integer.toString(now.getYear()))
                .replace("%month%", two(now.getMonthValue()))
                .replace("%day%", two(now.getDayOfMonth()))
                .replace("%hour%", two(now.getHour()))
                .replace("%minute%", two(now.getMinute()))
                .replace("%second%", two(now.getSecond()));
    }

    private static String two(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }

    /// The file's name.
    ///
    /// @param place its place in the batch
    /// @param extension without a dot
    public String file(int place, long counter, String extension) {
        String name = stem.replace("%batch_num%", Integer.toString(place));
        return String.format(Locale.ROOT, "%s_%05d_.%s", name, counter, extension);
    }
}
