package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes an [Event] as the JSON text message that ComfyUI 0.3.64 sends for it, with its keys in the
/// same order. Pictures and texts of nodes are binary: [BinaryFrame] writes those.
public final class EventJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private EventJson() {}

    /// The whole message, `{"type": ..., "data": ...}`.
    public static String write(Event event) {
        return message(type(event), data(event)).toString();
    }

    /// A message of any type.
    public static ObjectNode message(String type, JsonNode data) {
        ObjectNode message = JSON.objectNode();
        message.put("type", type);
        message.set("data", data);
        return message;
    }

    /// The message's type, which is also its name in a history entry.
    public static String type(Event event) {
        return switch (event) {
            case Event.Status e -> "status";
            case Event.FeatureFlags e -> "feature_flags";
            case Event.ExecutionStart e -> "execution_start";
            case Event.ExecutionCached e -> "execution_cached";
            case Event.Executing e -> "executing";
            case Event.Progress e -> "progress";
            case Event.ProgressState e -> "progress_state";
            case Event.Executed e -> "executed";
            case Event.ExecutionSuccess e -> "execution_success";
            case Event.ExecutionError e -> "execution_error";
            case Event.ExecutionInterrupted e -> "execution_interrupted";
            case Event.Logs e -> "logs";
            case Event.Custom e -> e.type();
            case Event.CustomToAll e -> e.type();
            case Event.Preview e -> throw binary(e);
            case Event.ProgressText e -> throw binary(e);
        };
    }

    /// The message's data, as it also stands in a history entry.
    public static JsonNode data(Event event) {
        return switch (event) {
            case Event.Status e -> status(e);
            case Event.FeatureFlags e -> JSON.objectNode().setAll(e.flags());
            case Event.ExecutionStart e -> lifecycle(e.promptId(), e.timestamp());
            case Event.ExecutionCached e -> cached(e);
            case Event.Executing e -> executing(e);
            case Event.Progress e -> progress(e);
            case Event.ProgressState e -> progressState(e);
            case Event.Executed e -> executed(e);
            case Event.ExecutionSuccess e -> lifecycle(e.promptId(), e.timestamp());
            case Event.ExecutionError e -> error(e);
            case Event.ExecutionInterrupted e -> interrupted(e);
            case Event.Logs e -> logs(e);
            case Event.Custom e -> e.data();
            case Event.CustomToAll e -> e.data();
            case Event.Preview e -> throw binary(e);
            case Event.ProgressText e -> throw binary(e);
        };
    }

    private static IllegalArgumentException binary(Event event) {
        return new IllegalArgumentException(
                event.getClass().getSimpleName() + " is a binary message: BinaryFrame writes it");
    }

    private static ObjectNode status(Event.Status e) {
        ObjectNode data = JSON.objectNode();
        data.putObject("status").putObject("exec_info").put("queue_remaining", e.queueRemaining());
        if (e.sid() != null) {
            data.put("sid", e.sid());
        }
        return data;
    }

    private static ObjectNode lifecycle(String promptId, long timestamp) {
        return JSON.objectNode().put("prompt_id", promptId).put("timestamp", timestamp);
    }

    private static ObjectNode cached(Event.ExecutionCached e) {
        ObjectNode data = JSON.objectNode();
        data.set("nodes", texts(e.nodes()));
        return data.put("prompt_id", e.promptId()).put("timestamp", e.timestamp());
    }

    private static ObjectNode executing(Event.Executing e) {
        ObjectNode data = JSON.objectNode().put("node", e.node());
        putIfPresent(data, "display_node", e.displayNode());
        putIfPresent(data, "prompt_id", e.promptId());
        return data;
    }

    private static void putIfPresent(ObjectNode data, String key, @Nullable String value) {
        if (value != null) {
            data.put(key, value);
        }
    }

    private static ObjectNode progress(Event.Progress e) {
        ObjectNode data = JSON.objectNode();
        data.set("value", number(e.value()));
        data.set("max", number(e.max()));
        return data.put("prompt_id", e.promptId()).put("node", e.node());
    }

    private static ObjectNode progressState(Event.ProgressState e) {
        ObjectNode data = JSON.objectNode().put("prompt_id", e.promptId());
        ObjectNode nodes = data.putObject("nodes");
        e.nodes().forEach((id, state) -> nodes.set(id, nodeProgress(e.promptId(), state)));
        return data;
    }

    /// A node that counts no steps stands at 0.0 or 1.0 of 1.0; steps are whole numbers.
    private static ObjectNode nodeProgress(String promptId, Event.NodeProgress state) {
        boolean counts = state.max() != 1.0;
        ObjectNode node = JSON.objectNode();
        node.set("value", counts ? number(state.value()) : JSON.numberNode(state.value()));
        node.set("max", counts ? number(state.max()) : JSON.numberNode(state.max()));
        return node.put("state", state.state().word())
                .put("node_id", state.nodeId())
                .put("prompt_id", promptId)
                .put("display_node_id", state.displayNodeId())
                .put("parent_node_id", state.parentNodeId())
                .put("real_node_id", state.realNodeId());
    }

    private static ObjectNode executed(Event.Executed e) {
        ObjectNode data = JSON.objectNode();
        data.put("node", e.node()).put("display_node", e.displayNode());
        data.set("output", e.output() == null ? JSON.nullNode() : e.output());
        return data.put("prompt_id", e.promptId());
    }

    private static ObjectNode error(Event.ExecutionError e) {
        Event.NodeFailure failure = e.failure();
        ObjectNode data = JSON.objectNode();
        data.put("prompt_id", e.promptId());
        data.put("node_id", failure.nodeId()).put("node_type", failure.nodeType());
        data.set("executed", texts(e.executed()));
        data.put("exception_message", failure.exceptionMessage());
        data.put("exception_type", failure.exceptionType());
        data.set("traceback", texts(failure.traceback()));
        data.set("current_inputs", failure.currentInputs());
        data.set("current_outputs", failure.currentOutputs());
        Long timestamp = e.timestamp();
        if (timestamp != null) {
            data.put("timestamp", timestamp.longValue());
        }
        return data;
    }

    private static ObjectNode interrupted(Event.ExecutionInterrupted e) {
        ObjectNode data = JSON.objectNode();
        data.put("prompt_id", e.promptId());
        data.put("node_id", e.nodeId()).put("node_type", e.nodeType());
        data.set("executed", texts(e.executed()));
        return data.put("timestamp", e.timestamp());
    }

    private static ObjectNode logs(Event.Logs e) {
        ObjectNode data = JSON.objectNode();
        data.set("entries", e.entries());
        data.putObject("size").put("cols", e.cols()).put("rows", e.rows());
        return data;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static JsonNode number(double value) {
        long whole = (long) value;
        return whole == value ? JSON.numberNode(whole) : JSON.numberNode(value);
    }
}
