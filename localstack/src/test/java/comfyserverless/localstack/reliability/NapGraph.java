package comfyserverless.localstack.reliability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;

/// A picture that takes a while: made, held for so long, saved.
final class NapGraph {
    private NapGraph() {}

    /// The body of POST /prompt.
    ///
    /// @param colour another one makes another picture, which no cache knows
    static ObjectNode prompt(int colour, double seconds) {
        ObjectNode body = Json.object();
        ObjectNode graph = body.putObject("prompt");
        ObjectNode image = node(graph, "1", "EmptyImage");
        image.put("width", 64).put("height", 64).put("batch_size", 1).put("color", colour);
        node(graph, "2", "TestSleep").put("seconds", seconds).putArray("value").add("1").add(0);
        node(graph, "3", "SaveImage")
                .put("filename_prefix", "nap")
                .putArray("images")
                .add("2")
                .add(0);
        return body;
    }

    /// One that takes no time, of nodes that are everywhere.
    static ObjectNode still(int colour) {
        ObjectNode body = Json.object();
        ObjectNode graph = body.putObject("prompt");
        ObjectNode image = node(graph, "1", "EmptyImage");
        image.put("width", 64).put("height", 64).put("batch_size", 1).put("color", colour);
        node(graph, "3", "SaveImage")
                .put("filename_prefix", "still")
                .putArray("images")
                .add("1")
                .add(0);
        return body;
    }

    private static ObjectNode node(ObjectNode graph, String id, String type) {
        return graph.putObject(id).put("class_type", type).putObject("inputs");
    }
}
