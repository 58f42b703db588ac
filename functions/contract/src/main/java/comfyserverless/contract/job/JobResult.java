package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// How a run ended and what it left: the material of a history entry.
///
/// @param outputs node id → ui output, as in ComfyUI's history
/// @param messages `[["execution_start", {...}], ...]`, the lifecycle messages in order
/// @param meta node id → `{node_id, display_node, parent_node, real_node_id}`
public record JobResult(End end, ObjectNode outputs, ArrayNode messages, ObjectNode meta) {
    /// The three ways in which a run ends.
    public enum End {
        SUCCESS,
        ERROR,
        INTERRUPTED
    }
}
