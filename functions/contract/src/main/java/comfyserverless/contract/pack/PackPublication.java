package comfyserverless.contract.pack;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.table.Digests;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// What a process that has the packs publishes, so that functions without them can answer: the node classes,
/// which of them validate inputs themselves, and the packs' files for pages.
///
/// @param files the packs' files by digest
public record PackPublication(Catalogue catalogue, Map<String, byte[]> files) {
    /// Larger files cannot be an answer of a function, and are left out.
    private static final int LARGEST = 4 << 20;

    /// Of these node classes, ComfyUI's own and the packs'.
    public static PackPublication of(Collection<NodeDefinition> nodes, Packs packs) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        Map<String, Map<String, String>> index = new TreeMap<>();
        for (LoadedPack pack : packs.all()) {
            Map<String, String> files = new TreeMap<>();
            contentOf(pack)
                    .forEach((path, content) -> {
                        String digest = Digests.hex(content);
                        bytes.put(digest, content);
                        files.put(path, digest);
                    });
            if (!files.isEmpty()) {
                index.put(pack.name(), files);
            }
        }
        Catalogue catalogue =
                Catalogue.of(nodes)
                        .validating(new PackValidators(packs.packs()).described())
                        .carrying(index);
        return new PackPublication(catalogue, bytes);
    }

    private static Map<String, byte[]> contentOf(LoadedPack pack) {
        Map<String, byte[]> content = new TreeMap<>();
        for (Path place : pack.places()) {
            PackContent.visit(
                    place,
                    (path, bytes) -> {
                        if (bytes.length <= LARGEST) {
                            content.putIfAbsent(path, bytes);
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
