package comfyserverless.handlers.pages;

import java.util.List;
import java.util.Optional;

/// The files of the page and of what node packs bring for it.
public interface WebFiles {
    /// The bytes of a file, named by its path below the web root without a leading slash.
    Optional<byte[]> read(String path);

    /// The paths of all files below a folder of the web root, sorted; the folder without slashes at
    /// its ends.
    List<String> list(String folder);
}
