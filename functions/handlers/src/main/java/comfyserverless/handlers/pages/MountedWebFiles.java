package comfyserverless.handlers.pages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Web files of several places: the page at the root, node packs' scripts and workflows at paths of
/// their own. Where two have a file of one path the earlier one wins.
public final class MountedWebFiles implements WebFiles {
    private final Map<String, WebFiles> mounts;

    /// Files at these places.
    ///
    /// @param mounts by the path at which they stand, without slashes at its ends; empty is the root
    public MountedWebFiles(Map<String, WebFiles> mounts) {
        this.mounts = new LinkedHashMap<>(mounts);
    }

    @Override
    public Optional<byte[]> read(String path) {
        return mounts.entrySet().stream()
                .flatMap(mount ->
                        inside(mount.getKey(), path).flatMap(mount.getValue()::read).stream())
                .findFirst();
    }

    @Override
    public List<String> list(String folder) {
        return mounts.entrySet().stream()
                .flatMap(mount -> list(mount.getKey(), mount.getValue(), folder))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> list(String at, WebFiles files, String folder) {
        Optional<String> below = at.equals(folder) ? Optional.of("") : inside(at, folder);
        if (below.isPresent()) {
            return files.list(below.get()).stream().map(path -> joined(at, path));
        }
        boolean above = folder.isEmpty() || at.startsWith(folder + "/");
        return above ? files.list("").stream().map(path -> joined(at, path)) : Stream.empty();
    }

    private static Optional<String> inside(String at, String path) {
        if (at.isEmpty()) {
            return Optional.of(path);
        }
        return path.startsWith(at + "/")
                ? Optional.of(path.substring(at.length() + 1))
                : Optional.empty();
    }

    private static String joined(String at, String path) {
        return at.isEmpty() ? path : at + "/" + path;
    }
}
