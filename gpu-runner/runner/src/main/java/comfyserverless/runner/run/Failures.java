package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Writes a node's failure as clients see it in `execution_error`.
final class Failures {
    private static final int FRAMES = 12;
    private static final int CAUSES = 5;

    /// What may be wrong where a class or method is missing.
    private static final String NOT_FITTING =
            "; the node's pack was built against another version of node-api or contract, or lacks a"
                    + " library in its jar: build it anew against this version";

    private Failures() {}

    /// The failure of a node that threw.
    ///
    /// @param inputs what the node was given, as far as it was gathered
    /// @param nodeIds the nodes of the prompt (ComfyUI's current_outputs)
    static Event.NodeFailure of(
            GraphNode node,
            Throwable cause,
            Map<String, List<Value>> inputs,
            Collection<String> nodeIds) {
        ObjectNode given = Json.object();
        inputs.forEach((name, items) -> {
            ArrayNode list = given.putArray(name);
            items.forEach(item -> list.add(shown(item)));
        });
        ArrayNode outputs = Json.mapper().createArrayNode();
        nodeIds.forEach(outputs::add);
        return new Event.NodeFailure(
                node.id(),
                node.classType(),
                type(cause),
                message(cause) + "\n",
                trace(node, cause),
                given,
                outputs);
    }

    /// A failure without inputs, outputs and trace.
    static Event.NodeFailure bare(GraphNode node, String type, String message) {
        return new Event.NodeFailure(
                node.id(),
                node.classType(),
                type,
                message,
                List.of(),
                Json.mapper().createArrayNode(),
                Json.mapper().createArrayNode());
    }

    /// The same, naming the nodes of the prompt.
    static Event.NodeFailure withOutputs(Event.NodeFailure failure, Collection<String> nodeIds) {
        ArrayNode outputs = Json.mapper().createArrayNode();
        nodeIds.forEach(outputs::add);
        return new Event.NodeFailure(
                failure.nodeId(),
                failure.nodeType(),
                failure.exceptionType(),
                failure.exceptionMessage(),
                failure.traceback(),
                failure.currentInputs(),
                outputs);
    }

    private static String type(Throwable cause) {
        return cause instanceof NodeException known
                ? known.type()
                : cause.getClass().getSimpleName();
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return (message == null ? cause.toString() : message)
                + (cause instanceof LinkageError ? NOT_FITTING : "");
    }

    /// The frames down to the node's own call, most recent last, causes first.
    private static List<String> trace(GraphNode node, Throwable cause) {
        List<String> lines = new ArrayList<>();
        lines.add("  node " + node.id() + ", " + node.classType() + "\n");
        Throwable each = cause;
        for (int i = 0; each != null && i < CAUSES; i++) {
            lines.add((i == 0 ? "  " : "  caused by ") + each + "\n");
            StackTraceElement[] frames = each.getStackTrace();
            for (int f = 0; f < Math.min(FRAMES, frames.length); f++) {
                lines.add("    at " + frames[f] + "\n");
            }
            each = each.getCause();
        }
        return lines;
    }

    /// Plain values as they are, anything else as Python's `str`.
    private static JsonNode shown(Value value) {
        return switch (value) {
            case Value.Json json when json.node().isContainerNode() ->
                    TextNode.valueOf(PythonText.str(json.node()));
            case Value.Json json -> json.node();
            case Value other -> TextNode.valueOf(ValueText.of(other));
        };
    }
}
