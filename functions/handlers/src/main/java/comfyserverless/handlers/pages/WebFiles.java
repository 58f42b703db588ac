package comfyserverless.handlers.pages;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files of the page and of what node packs bring for it.
public interface WebFiles {
    /// The bytes of a file, named by its path below the web root without a leading slash.
    Optional<byte[]> read(String path);

    /// The paths of all files below a folder of the web root, sorted; the folder without slashes at
    /// its ends.
    List<String> list(String folder);

    /// Those of two places; where both have a file of one path the first one wins.
    static WebFiles both(WebFiles first, WebFiles second) {
        return new WebFiles() {
            @Override
            public Optional<byte[]> read(String path) {
                return first.read(path).or(() -> second.read(path));
            }

            @Override
            public List<String> list(String folder) {
                return Stream.concat(first.list(folder).stream(), second.list(folder).stream())
                        .distinct()
                        .sorted()
                        .toList();
            }
        };
    }
}
