package comfyserverless.handlers.pages;

import comfyserverless.contract.pack.LoadedPack;
import comfyserverless.contract.pack.PackContent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What packs bring for pages, at the paths where ComfyUI serves it; small and kept in memory.
public final class PackWebFiles {
    /// A folder of a pack → where its files stand, `*` being the pack's name. Translations and subgraphs
    /// stand where no route leads; [Translations] and [Subgraphs] read them there.
    private static final Map<String, String> PLACES =
            Map.of(
                    "web/", "extensions/*",
                    "docs/", "extensions/*/docs",
                    "example_workflows/", "api/workflow_templates/*",
                    "locales/", "packs/*/locales",
                    "subgraphs/", "packs/*/subgraphs");

    private PackWebFiles() {}

    /// Where a pack's file stands.
    ///
    /// @param path in the pack: `web/glow.js`
    static Optional<String> place(String pack, String path) {
        return PLACES.entrySet().stream()
                .filter(place -> path.startsWith(place.getKey()))
                .map(place ->
                        place.getValue().replace("*", pack)
                                + path.substring(place.getKey().length() - 1))
                .findFirst();
    }

    /// Whether files of packs may stand there: nobody looks for them at other paths.
    static boolean mayBeAt(String path) {
        return Stream.of("extensions", "api/workflow_templates", "packs")
                .anyMatch(top -> path.equals(top) || path.startsWith(top + "/"));
    }

    /// The packs' files by the path at which they stand.
    public static Map<String, WebFiles> mounts(List<LoadedPack> packs) {
        Map<String, WebFiles> mounts = new LinkedHashMap<>();
        for (LoadedPack pack : packs) {
            Map<String, byte[]> content = new TreeMap<>();
            for (Path place : pack.places()) {
                PackContent.visit(place, content::putIfAbsent);
            }
            PLACES.forEach((folder, place) -> {
                Map<String, byte[]> files = below(folder, content);
                if (!files.isEmpty()) {
                    mounts.put(place.replace("*", pack.name()), new InMemory(files));
                }
            });
        }
        return mounts;
    }

    private static Map<String, byte[]> below(String folder, Map<String, byte[]> content) {
        Map<String, byte[]> files = new TreeMap<>();
        content.forEach((path, bytes) -> {
            if (path.startsWith(folder)) {
                files.put(path.substring(folder.length()), bytes);
            }
        });
        return files;
    }

    private record InMemory(Map<String, byte[]> files) implements WebFiles {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.ofNullable(files.get(path));
        }

        @Override
        public List<String> list(String folder) {
            String prefix = folder.isEmpty() ? "" : folder + "/";
            return files.keySet().stream().filter(path -> path.startsWith(prefix)).toList();
        }
    }
}
