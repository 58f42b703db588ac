package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Computes what a key of the goldens `image/mask_nodes` says: `Node(argument,…)` in the order of the node's
/// inputs, perhaps with the name of an output behind it.
final class GoldenExpression {
    private final GoldenTensors goldens;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    GoldenExpression(GoldenTensors goldens) {
        this.goldens = goldens;
        TestNodes.core().forEach(node -> nodes.put(node.definition().className(), node));
    }

    Value value(String key) throws Exception {
        int close = key.lastIndexOf(')');
        String output = key.substring(close + 1).replace(".", "");
        List<Value> outputs = outputs(key.substring(0, close + 1));
        return outputs.get(
                switch (output) {
                    case "U", "alpha", "mask" -> 1;
                    case "V" -> 2;
                    default -> 0;
                });
    }

    private List<Value> outputs(String call) throws Exception {
        int open = call.indexOf('(');
        Node node = nodes.get(call.substring(0, open));
        if (node == null) {
            throw new AssertionError("there is no node for " + call);
        }
        NodeDefinition definition = node.definition();
        List<String> names = new ArrayList<>(definition.required().keySet());
        names.addAll(definition.optional().keySet());
        List<Value> arguments = new ArrayList<>();
        for (String argument : arguments(call.substring(open + 1, call.length() - 1))) {
            if (argument.contains("(")) {
                arguments.addAll(outputs(argument));
            } else {
                arguments.add(argument(argument));
            }
        }
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            inputs.put(names.get(i), arguments.get(i));
        }
        return node.run(new Inputs(inputs), new NoContext()).values();
    }

    private static List<String> arguments(String text) {
        return text.contains("(") ? List.of(text) : List.of(text.split(",", -1));
    }

    private Value argument(String name) {
        Image im = GoldenNumbers.image(goldens.tensor("input.im"));
        Mask mask = GoldenNumbers.mask(goldens.tensor("input.mask"));
        Latent lat = GoldenNumbers.latent(goldens.tensor("input.lat"));
        return switch (name) {
            case "im" -> im;
            case "1-im" -> new Image(each(im.data(), v -> 1 - v), 1, im.height(), im.width(), 3);
            case "im2" -> GoldenNumbers.image(goldens.tensor("input.im2"));
            case "im4" -> withAlpha(im, mask);
            case "mask" -> mask;
            case "1-mask" -> mask(mask, v -> 1 - v);
            case "hard" -> mask(mask, v -> v > 0.97f ? 1f : 0f);
            case "dense" -> mask(mask, v -> v > 0.03f ? 1f : 0f);
            case "mask2" -> GoldenNumbers.mask(goldens.tensor("input.mask2"));
            case "solid 24x32 of 1" -> Mask.filled(1, 24, 32, 1);
            case "lat" -> lat;
            case "lat*2" -> lat.withData(each(lat.data(), v -> 2 * v));
            case "lat2" -> GoldenNumbers.latent(goldens.tensor("input.lat2"));
            default -> new Value.Json(plain(name));
        };
    }

    private static JsonNode plain(String text) {
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(Boolean.parseBoolean(text));
        }
        return text.matches("-?[0-9.]+")
                ? DecimalNode.valueOf(new BigDecimal(text))
                : TextNode.valueOf(text);
    }

    private static Mask mask(Mask mask, UnaryOperator<Float> change) {
        return new Mask(each(mask.data(), change), mask.batch(), mask.height(), mask.width());
    }

    private static float[] each(float[] data, UnaryOperator<Float> change) {
        float[] changed = new float[data.length];
        for (int i = 0; i < data.length; i++) {
            changed[i] = change.apply(data[i]);
        }
        return changed;
    }

    private static Image withAlpha(Image image, Mask alpha) {
        Image four = Grids.withChannels(image, 4);
        for (int i = 0; i < alpha.data().length; i++) {
            four.data()[4 * i + 3] = alpha.data()[i];
        }
        return four;
    }
}
