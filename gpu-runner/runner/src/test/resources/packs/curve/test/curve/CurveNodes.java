package test.curve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.PackNodes;
import comfyserverless.nodeapi.SocketType;
import comfyserverless.nodeapi.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Curves can be shared between runners, sketches (the same without a codec) cannot.
public final class CurveNodes implements PackNodes {
    static final SocketType<Curve> CURVE = SocketType.of("CURVE", Curve.class).stored(new Lines());
    static final SocketType<Curve> SKETCH = SocketType.of("SKETCH", Curve.class);

    @Override
    public List<Node> nodes() {
        return List.of(
                Node.of(CurvePack.DRAW, (in, context) -> drawn(CURVE, in)),
                Node.of(CurvePack.SKETCH, (in, context) -> drawn(SKETCH, in)),
                Node.of(CurvePack.MEASURE, CurveNodes::measure));
    }

    @Override
    public List<SocketType<?>> types() {
        return List.of(CURVE, SKETCH);
    }

    private static Outputs drawn(SocketType<Curve> type, Inputs in) {
        List<Double> heights = new ArrayList<>();
        for (int i = 0; i < in.integer("points"); i++) {
            heights.add(i * 0.5);
        }
        Value name = new Value.Json(TextNode.valueOf(heights.size() + " points"));
        return Outputs.of(type.value(new Curve(heights)), name);
    }

    private static Outputs measure(Inputs in, NodeContext context) {
        String heights = CURVE.of(in, "curve").heights().toString();
        return Outputs.shown("text", JsonNodeFactory.instance.arrayNode().add(heights));
    }

    private static final class Lines implements SocketType.Codec<Curve> {
        @Override
        public byte[] write(Curve curve) {
            String lines =
                    curve.heights().stream().map(String::valueOf).collect(Collectors.joining("\n"));
            return lines.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Curve read(byte[] bytes) {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
            return new Curve(Arrays.stream(lines).map(Double::valueOf).toList());
        }
    }
}
