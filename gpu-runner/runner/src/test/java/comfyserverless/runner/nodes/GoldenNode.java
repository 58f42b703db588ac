package comfyserverless.runner.nodes;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// A call as keys of goldens write it: `KarrasScheduler(5,10.0,0.1,7.0)`, the arguments in the node's order.
///
/// @param rest what stands behind the call: `.high`
public record GoldenNode(String name, List<String> arguments, String rest) {

    public static GoldenNode of(String key) {
        int open = key.indexOf('(');
        if (open < 0) {
            int dot = key.indexOf('.');
            return dot < 0
                    ? new GoldenNode(key, List.of(), "")
                    : new GoldenNode(key.substring(0, dot), List.of(), key.substring(dot));
        }
        int close = key.lastIndexOf(')');
        return new GoldenNode(
                key.substring(0, open),
                Arrays.stream(key.substring(open + 1, close).split(",", -1))
                        .map(String::strip)
                        .toList(),
                key.substring(close + 1));
    }

    /// The node with these arguments.
    ///
    /// @param className of the node, where the key abbreviates it
    /// @param given inputs that the key does not name, such as the model
    /// @param named gives the values behind links
    public Call call(String className, Map<String, Value> given, Function<String, Value> named) {
        Call call = Call.of(className);
        NodeDefinition definition = call.node().definition();
        List<String> left = new ArrayList<>(arguments);
        List<Map.Entry<String, InputSpec>> inputs =
                Stream.of(definition.required(), definition.optional())
                        .flatMap(m -> m.entrySet().stream())
                        .toList();
        for (Map.Entry<String, InputSpec> input : inputs) {
            if (given.containsKey(input.getKey())) {
                call = call.with(input.getKey(), given.get(input.getKey()));
            } else if (!left.isEmpty()) {
                call =
                        call.with(
                                input.getKey(), value(input.getValue(), left.removeFirst(), named));
            }
        }
        return call;
    }

    private static Object value(InputSpec spec, String text, Function<String, Value> named) {
        return switch (spec) {
            case InputSpec.Int _ -> Long.parseLong(text);
            case InputSpec.Decimal _ -> Double.parseDouble(text);
            case InputSpec.Flag _ -> text.equals("True");
            case InputSpec.Text _, InputSpec.Choice _ -> text;
            case InputSpec.Linked _ -> named.apply(text);
        };
    }
}
