package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message to a client, one record per type of ComfyUI's WebSocket. [EventJson] writes them.
public sealed interface Event {
    /// How many prompts wait or run; `sid` only in the greeting.
    record Status(int queueRemaining, @Nullable String sid) implements Event {}

    record FeatureFlags(Map<String, JsonNode> flags) implements Event {
        public FeatureFlags {
            flags = Map.copyOf(flags);
        }
    }

    record ExecutionStart(String promptId, long timestamp) implements Event {}

    record ExecutionCached(String promptId, List<String> nodes, long timestamp) implements Event {
        public ExecutionCached {
            nodes = List.copyOf(nodes);
        }
    }

    /// A node begins; with `node` null the prompt is over.
    record Executing(@Nullable String node, @Nullable String displayNode, @Nullable String promptId)
            implements Event {}

    record Progress(String promptId, @Nullable String node, double value, double max)
            implements Event {}

    /// The state of every node that is or was active.
    record ProgressState(String promptId, Map<String, NodeProgress> nodes) implements Event {
        public ProgressState {
            nodes = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(nodes));
        }
    }

    /// A node's ui output; null for a cached output node that has none.
    record Executed(String promptId, String node, String displayNode, @Nullable ObjectNode output)
            implements Event {}

    record ExecutionSuccess(String promptId, long timestamp) implements Event {}

    /// A node failed, or reports that it is blocked.
    ///
    /// @param timestamp null if the prompt goes on: a blocker with a text has reached a node
    record ExecutionError(
            String promptId, NodeFailure failure, List<String> executed, @Nullable Long timestamp)
            implements Event {
        public ExecutionError {
            executed = List.copyOf(executed);
        }
    }

    record ExecutionInterrupted(
            String promptId, String nodeId, String nodeType, List<String> executed, long timestamp)
            implements Event {
        public ExecutionInterrupted {
            executed = List.copyOf(executed);
        }
    }

    record Logs(ArrayNode entries, int cols, int rows) implements Event {}

    /// A picture on its way (binary types 1 and 4).
    record Preview(PreviewFrame frame) implements Event {}

    /// A line of text of a node (binary type 3).
    record ProgressText(String node, String text) implements Event {}

    /// A message type of a node pack or route pack.
    record Custom(String type, JsonNode data) implements Event {}

    /// A message of a node for every client of its tenant, whoever queued the prompt.
    record CustomToAll(String type, JsonNode data) implements Event {}

    /// One node in a [ProgressState].
    record NodeProgress(
            double value,
            double max,
            State state,
            String nodeId,
            String displayNodeId,
            @Nullable String parentNodeId,
            String realNodeId) {
        /// As ComfyUI's NodeState.
        public enum State {
            PENDING("pending"),
            RUNNING("running"),
            FINISHED("finished"),
            ERROR("error");

            private final String word;

            State(String word) {
                this.word = word;
            }

            public String word() {
                return word;
            }
        }
    }

    /// Why and where a node failed, with what it was given.
    record NodeFailure(
            String nodeId,
            String nodeType,
            String exceptionType,
            String exceptionMessage,
            List<String> traceback,
            JsonNode currentInputs,
            JsonNode currentOutputs) {
        public NodeFailure {
            traceback = List.copyOf(traceback);
        }
    }
}
