package comfyserverless.contract.node;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Looks up node classes by name.
@FunctionalInterface
public interface NodeDefinitions {
    Optional<NodeDefinition> find(String className);

    /// All of them, as far as they can be listed: names near to an unknown one are taken from here.
    default Collection<NodeDefinition> all() {
        return List.of();
    }
}
