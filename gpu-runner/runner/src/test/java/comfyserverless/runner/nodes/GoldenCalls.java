package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which node with which inputs a key of the goldens `image/scale_methods` stands for.
final class GoldenCalls {
    private static final Map<String, Node> NODES = nodes();

    private GoldenCalls() {}

    /// A node and its plain inputs; `first` is the input that takes the recorded tensor.
    record Call(Node node, String first, ObjectNode inputs) {
        boolean takesLatent() {
            return first.equals("samples");
        }

        List<Value> run(Value given) throws Exception {
            Map<String, Value> values = new LinkedHashMap<>();
            values.put(first, given);
            for (Map.Entry<String, JsonNode> input : inputs.properties()) {
                values.put(input.getKey(), new Value.Json(input.getValue()));
            }
            return node.run(new Inputs(values), new NoContext()).values();
        }
    }

    private static Map<String, Node> nodes() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        TestNodes.core().forEach(node -> nodes.put(node.definition().className(), node));
        return nodes;
    }

    /// The call of a key; empty for what no node here does.
    static Optional<Call> call(String key) {
        String[] parts = key.split("\\.", 2);
        String rest = parts.length > 1 ? parts[1] : "";
        return switch (parts[0]) {
            case "ImageInvert" -> of("ImageInvert", "image", Json.object());
            case "ImageScale" -> of("ImageScale", "image", size(rest));
            case "LatentUpscale" -> of("LatentUpscale", "samples", size(rest));
            case "ImageScaleBy" -> of("ImageScaleBy", "image", factor(rest));
            case "LatentUpscaleBy" -> of("LatentUpscaleBy", "samples", factor(rest));
            case "LatentFlip" ->
                    of("LatentFlip", "samples", Json.object().put("flip_method", rest + "-axis"));
            case "LatentRotate" ->
                    of(
                            "LatentRotate",
                            "samples",
                            Json.object().put("rotation", rest.substring("rotate".length())));
            case "LatentCrop" ->
                    of(
                            "LatentCrop",
                            "samples",
                            Json.object()
                                    .put("width", 64)
                                    .put("height", 64)
                                    .put("x", 16)
                                    .put("y", 8));
            case "PadForOutpaint" ->
                    of(
                            "ImagePadForOutpaint",
                            "image",
                            Json.object()
                                    .put("left", 8)
                                    .put("top", 4)
                                    .put("right", 12)
                                    .put("bottom", 16)
                                    .put("feathering", 6));
            default -> Optional.empty();
        };
    }

    private static Optional<Call> of(String node, String first, ObjectNode inputs) {
        return Optional.ofNullable(NODES.get(node)).map(n -> new Call(n, first, inputs));
    }

    /// `bicubic.45x33.disabled`, or `w0_h40.bilinear` without crop.
    private static ObjectNode size(String rest) {
        String[] parts = rest.split("\\.", -1);
        ObjectNode inputs = Json.object();
        if (parts.length == 2) {
            String[] sides = parts[0].split("_", -1);
            inputs.put("width", Integer.parseInt(sides[0].substring(1)));
            inputs.put("height", Integer.parseInt(sides[1].substring(1)));
            return inputs.put("upscale_method", parts[1]).put("crop", "disabled");
        }
        String[] sides = parts[1].split("x", -1);
        inputs.put("width", Integer.parseInt(sides[0])).put("height", Integer.parseInt(sides[1]));
        return inputs.put("upscale_method", parts[0]).put("crop", parts[2]);
    }

    /// `area.1.5`.
    private static ObjectNode factor(String rest) {
        int dot = rest.indexOf('.');
        return Json.object()
                .put("upscale_method", rest.substring(0, dot))
                .put("scale_by", Double.parseDouble(rest.substring(dot + 1)));
    }
}
