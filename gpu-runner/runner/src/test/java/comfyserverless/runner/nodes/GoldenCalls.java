package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Which node with which inputs a key of the goldens `image/scale_methods` stands for.
final class GoldenCalls {
    private static final Map<String, Node> NODES = nodes();

    private GoldenCalls() {}

    /// A node and its inputs; `first` is the input that takes the recorded tensor.
    ///
    /// @param more further inputs that are no plain values, made from the recorded one
    record Call(
            Node node, String first, ObjectNode inputs, UnaryOperator<Value> more, String second) {
        Call(Node node, String first, ObjectNode inputs) {
            this(node, first, inputs, UnaryOperator.identity(), "");
        }

        Call with(String input, UnaryOperator<Value> made) {
            return new Call(node, first, inputs, made, input);
        }

        boolean takesLatent() {
            return first.startsWith("samples");
        }

        List<Value> run(Value given) throws Exception {
            Map<String, Value> values = new LinkedHashMap<>();
            values.put(first, given);
            if (!second.isEmpty()) {
                values.put(second, more.apply(given));
            }
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
            case "LatentAdd" -> two(parts[0], Json.object());
            case "LatentInterpolate" -> two(parts[0], Json.object().put("ratio", 0.3));
            case "LatentComposite_f0" -> composite(16, 24, 0, 4, 5);
            case "LatentComposite_f16" -> composite(16, 16, 16, 5, 6);
            case "post" -> post(rest);
            default -> Optional.empty();
        };
    }

    /// The second latent of the recordings: `in/latup2`, (1, 4, 9, 12), a 1.
    private static Latent second() {
        return GoldenNumbers.latent(SyntheticTensors.tensor("in/latup2", 1f, 0f, 1, 4, 9, 12));
    }

    private static Optional<Call> two(String node, ObjectNode inputs) {
        return of(node, "samples1", inputs).map(c -> c.with("samples2", first -> second()));
    }

    /// The upper left part of the second latent, laid over the first.
    private static Optional<Call> composite(int x, int y, int feather, int height, int width) {
        ObjectNode inputs = Json.object().put("x", x).put("y", y).put("feather", feather);
        return of("LatentComposite", "samples_to", inputs)
                .map(c ->
                        c.with(
                                "samples_from",
                                first ->
                                        Grids.latent(
                                                Grids.of(second()).crop(0, 0, width, height),
                                                second())));
    }

    private static Optional<Call> post(String node) {
        return switch (node) {
            case "Blend" ->
                    of(
                                    "ImageBlend",
                                    "image1",
                                    Json.object()
                                            .put("blend_factor", 0.4)
                                            .put("blend_mode", "overlay"))
                            .map(c -> c.with("image2", GoldenCalls::inverted));
            case "Blur" ->
                    of("ImageBlur", "image", Json.object().put("blur_radius", 3).put("sigma", 1));
            case "Sharpen" ->
                    of(
                            "ImageSharpen",
                            "image",
                            Json.object()
                                    .put("sharpen_radius", 2)
                                    .put("sigma", 1)
                                    .put("alpha", 0.8));
            default ->
                    of(
                            "ImageQuantize",
                            "image",
                            Json.object().put("colors", 8).put("dither", "none"));
        };
    }

    private static Value inverted(Value image) {
        float[] data = GoldenNumbers.data(image).clone();
        for (int i = 0; i < data.length; i++) {
            data[i] = 1 - data[i];
        }
        Image like = (Image) image;
        return new Image(data, like.batch(), like.height(), like.width(), like.channels());
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
