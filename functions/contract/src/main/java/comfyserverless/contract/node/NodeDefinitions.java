package comfyserverless.contract.node;

import java.util.Optional;

/// Looks up node classes by name.
@FunctionalInterface
public interface NodeDefinitions {
    Optional<NodeDefinition> find(String className);
}
