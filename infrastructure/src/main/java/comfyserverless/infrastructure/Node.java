package comfyserverless.infrastructure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Finds the Node.js that CDK runs in: `JSII_NODE`, else `node` on the path.
final class Node {
    static final String MISSING =
            "No Node.js was found: install it (any LTS version) or set JSII_NODE to its executable;"
                    + " without it the CloudFormation templates are not synthesised.";

    private Node() {}

    static Optional<Path> find(Map<String, String> environment) {
        String given = environment.get("JSII_NODE");
        if (given != null) {
            return Optional.of(Path.of(given)).filter(Files::isExecutable);
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            for (String name : new String[] {"node", "node.exe"}) {
                Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
                if (Files.isExecutable(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }
}
