package comfyserverless.contract.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A model file as its folder lists it.
///
/// @param name with its subfolders, slash-separated
/// @param root which of the folder's roots it lies in (ComfyUI's pathIndex)
/// @param sha256 of its content, in lower-case hex; null where nobody has computed it
public record ModelFile(
        String folder,
        String name,
        int root,
        long size,
        Instant modified,
        @Nullable String sha256) {
    /// The order in which a folder lists names: by code points, as Python sorts text.
    public static final Comparator<String> NAME_ORDER =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    /// A file whose digest is not known.
    public ModelFile(String folder, String name, int root, long size, Instant modified) {
        this(folder, name, root, size, modified, null);
    }
}
