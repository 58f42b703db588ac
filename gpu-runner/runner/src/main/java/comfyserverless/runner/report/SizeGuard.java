package comfyserverless.runner.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Cuts messages down to what the gateway takes; what is cut says `truncated: true`, and the whole
/// stays in the history.
final class SizeGuard {
    private static final String TRUNCATED = "truncated";

    /// The fixed part of a message, or of one node in it, is shorter.
    private static final int FRAME = 256;

    /// A character of an id as JSON, `\u0000`.
    private static final int LONGEST_CHARACTER = 6;

    private final int most;

    /// @param most the longest text message in bytes
    SizeGuard(int most) {
        this.most = most;
    }

    /// The event itself if its text fits, else a shorter one.
    Event fit(Event event) {
        return switch (event) {
            case Event.Preview e -> e;
            case Event.ProgressText e -> e;
            case Event.ProgressState e -> surelyFits(e) || fits(e) ? e : unfinished(e);
            case Event.ExecutionError e -> fits(e) ? e : shorter(e);
            case Event.Executed e -> fits(e) ? e : withoutOutput(e);
            default -> event;
        };
    }

    /// Whether a generous estimate of its length fits, without writing it.
    private boolean surelyFits(Event.ProgressState state) {
        long most = FRAME;
        for (Map.Entry<String, Event.NodeProgress> node : state.nodes().entrySet()) {
            Event.NodeProgress progress = node.getValue();
            String parent = progress.parentNodeId();
            int ids =
                    2 * node.getKey().length()
                            + progress.displayNodeId().length()
                            + progress.realNodeId().length()
                            + (parent == null ? 0 : parent.length())
                            + state.promptId().length();
            most += FRAME + (long) LONGEST_CHARACTER * ids;
        }
        return most <= this.most;
    }

    private boolean fits(Event event) {
        return size(EventJson.write(event)) <= most;
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Only the nodes that are not finished, and the one that changed last.
    private Event unfinished(Event.ProgressState state) {
        Map<String, Event.NodeProgress> kept = new LinkedHashMap<>();
        String last = "";
        for (Map.Entry<String, Event.NodeProgress> node : state.nodes().entrySet()) {
            last = node.getKey();
            if (node.getValue().state() != Event.NodeProgress.State.FINISHED) {
                kept.put(node.getKey(), node.getValue());
            }
        }
        Event.NodeProgress newest = state.nodes().get(last);
        if (newest != null) {
            kept.putIfAbsent(last, newest);
        }
        return new Event.ProgressState(state.promptId(), kept);
    }

    private Event shorter(Event.ExecutionError error) {
        ObjectNode data = (ObjectNode) EventJson.data(error);
        data.set("current_inputs", JsonNodeFactory.instance.objectNode());
        data.set("current_outputs", JsonNodeFactory.instance.arrayNode());
        data.put(TRUNCATED, true);
        ArrayNode trace = (ArrayNode) data.get("traceback");
        while (tooLong(data) && !trace.isEmpty()) {
            trace.remove(trace.size() - 1);
        }
        if (tooLong(data)) {
            JsonNode message = data.get("exception_message");
            data.put("exception_message", message.asText().substring(0, most / 8));
            data.set("executed", JsonNodeFactory.instance.arrayNode());
        }
        return new Event.Custom("execution_error", data);
    }

    private boolean tooLong(ObjectNode data) {
        return size(EventJson.message("execution_error", data).toString()) > most;
    }

    private static Event withoutOutput(Event.Executed executed) {
        ObjectNode data = (ObjectNode) EventJson.data(executed);
        data.set("output", JsonNodeFactory.instance.objectNode());
        return new Event.Custom("executed", data.put(TRUNCATED, true));
    }
}
