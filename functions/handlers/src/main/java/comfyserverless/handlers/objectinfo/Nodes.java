package comfyserverless.handlers.objectinfo;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeDefinitions;
import comfyserverless.contract.prompt.NodeValidator;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The node classes that prompts may name.
@FunctionalInterface
public interface Nodes {
    /// Those of this moment.
    Known current();

    /// A set of node classes.
    ///
    /// @param digest names this set; a runner that has another one looks at a job again
    /// @param definitions by class name, in the order of /object_info
    /// @param validators a class's own validation, where it has one
    record Known(
            String digest,
            Map<String, NodeDefinition> definitions,
            Function<String, Optional<NodeValidator>> validators)
            implements NodeDefinitions {
        public Known {
            definitions = Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
        }

        @Override
        public Optional<NodeDefinition> find(String className) {
            return Optional.ofNullable(definitions.get(className));
        }

        @Override
        public Collection<NodeDefinition> all() {
            return definitions.values();
        }
    }
}
