package comfyserverless.contract.pack;

import comfyserverless.contract.node.NodeDefinition;
import java.util.List;

/// A pack without nodes: page scripts, sample workflows, translations.
record ContentPack(String name) implements NodePack {
    @Override
    public List<NodeDefinition> definitions() {
        return List.of();
    }
}
