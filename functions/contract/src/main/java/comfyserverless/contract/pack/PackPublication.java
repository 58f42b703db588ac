package comfyserverless.contract.pack;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.table.Digests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a process that has the packs publishes, so that functions without them can answer: the node classes,
/// which of them validate inputs themselves, and the packs' files for pages.
///
/// @param files the packs' files by digest
/// @param leftOut the packs' files that are too large
public record PackPublication(
        Catalogue catalogue, Map<String, byte[]> files, List<LeftOut> leftOut) {
    /// Larger files, in bytes, cannot be an answer of a function.
    private static final int LARGEST = 4 << 20;

    /// A file that is not published, since it is too large.
    ///
    /// @param pack the pack's name
    /// @param path within the pack: `web/glow.js`
    /// @param bytes its size
    public record LeftOut(String pack, String path, int bytes) {
        /// What is left out, why, and what the pack's author can do.
        public String sentence() {
            return "Pages do not get "
                    + path
                    + " of the node pack "
                    + pack
                    + ": it has "
                    + bytes
                    + " bytes, and at most "
                    + LARGEST
                    + " can be published; make it smaller, split it, or load it from another"
                    + " server.";
        }
    }

    public PackPublication {
        leftOut = List.copyOf(leftOut);
    }

    /// Of these node classes, ComfyUI's own and the packs'.
    public static PackPublication of(Collection<NodeDefinition> nodes, Packs packs) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        Map<String, Map<String, String>> index = new TreeMap<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (LoadedPack pack : packs.all()) {
            Map<String, String> files = new TreeMap<>();
            Content found = contentOf(pack);
            found.files()
                    .forEach((path, content) -> {
                        String digest = Digests.hex(content);
                        bytes.put(digest, content);
                        files.put(path, digest);
                    });
            found.tooLarge()
                    .forEach((path, size) -> leftOut.add(new LeftOut(pack.name(), path, size)));
            if (!files.isEmpty()) {
                index.put(pack.name(), files);
            }
        }
        Catalogue catalogue =
                Catalogue.of(nodes)
                        .validating(new PackValidators(packs.packs()).described())
                        .carrying(index);
        return new PackPublication(catalogue, bytes, leftOut);
    }

    /// What lies in a pack, by path.
    ///
    /// @param tooLarge sizes of those that cannot be published
    private record Content(Map<String, byte[]> files, Map<String, Integer> tooLarge) {}

    /// Of two files of one path the first place's counts.
    private static Content contentOf(LoadedPack pack) {
        Content content = new Content(new TreeMap<>(), new TreeMap<>());
        for (Path place : pack.places()) {
            PackContent.visit(
                    place,
                    (path, bytes) -> {
                        if (bytes.length > LARGEST && !content.files().containsKey(path)) {
                            content.tooLarge().putIfAbsent(path, bytes.length);
                        } else if (!content.tooLarge().containsKey(path)) {
                            content.files().putIfAbsent(path, bytes);
                        }
                    });
        }
        return content;
    }

    /// Publishes it all; the catalogue becomes the current one.
    ///
    /// @return its digest
    public String in(Catalogues catalogues) {
        String digest = catalogue.digest();
        catalogues.publish(digest, catalogue.gzip(), files);
        return digest;
    }
}
