package comfyserverless.localstack.stack;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.runner.run.NodeRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The runner's own nodes as the functions know them: in one process there is nothing to publish.
final class KnownNodes {
    private static final String DIGEST = "local";

    private KnownNodes() {}

    static Nodes of(NodeRegistry registry) {
        Map<String, NodeDefinition> byName = new LinkedHashMap<>();
        registry.definitions()
                .forEach(definition -> byName.put(definition.className(), definition));
        Nodes.Known known = new Nodes.Known(DIGEST, byName, _ -> Optional.empty());
        return () -> known;
    }
}
