package comfyserverless.contract.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The sources of a small pack for tests, to be written into a folder: a name, a node class, files.
///
/// @param files by their paths in the pack
public record PackSource(Map<String, String> files) {
    private static final String PACK =
            """
            package test;

            import comfyserverless.contract.node.NodeDefinition;
            import comfyserverless.contract.pack.NodePack;
            import java.util.List;

            public final class Pack implements NodePack {
                @Override
                public String name() {
                    return "NAME";
                }

                @Override
                public List<NodeDefinition> definitions() {
                    return List.of(NodeDefinition.of("NODE", "custom_nodes").build());
                }
            }
            """;

    /// A pack with one node, whose half for the functions is `test.Pack`.
    public static PackSource of(String name, String node) {
        return new PackSource(Map.of())
                .with("test/Pack.java", PACK.replace("NAME", name).replace("NODE", node))
                .with("META-INF/services/" + NodePack.class.getName(), "test.Pack");
    }

    /// The same with one more file, or another in its place.
    public PackSource with(String path, String content) {
        Map<String, String> more = new TreeMap<>(files);
        more.put(path, content);
        return new PackSource(more);
    }

    /// Builds the jar, without some of the files that were compiled.
    public Path jar(Path jar, String... lacking) throws IOException {
        Path folder = Files.createTempDirectory(jar.toAbsolutePath().getParent(), ".source");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return CompiledPack.jar(folder, jar, Set.of(lacking));
    }
}
