package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.nodeapi.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a finished node left: a list of items per output, and what it showed.
///
/// @param meta `{node_id, display_node, parent_node, real_node_id}` of the node that showed it
record NodeResult(List<List<Value>> outputs, @Nullable ObjectNode ui, @Nullable ObjectNode meta) {
    NodeResult {
        outputs = List.copyOf(outputs);
    }
}
