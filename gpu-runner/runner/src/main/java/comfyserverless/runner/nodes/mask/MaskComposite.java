package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Combines two masks where they overlap; a batch that is shorter repeats.
public final class MaskComposite implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("MaskComposite", "comfy_extras.nodes_mask")
                .category("mask")
                .required("destination", link("MASK"))
                .required("source", link("MASK"))
                .required("x", integer(0).between(0, 16384).step(1))
                .required("y", integer(0).between(0, 16384).step(1))
                .required("operation", choice("multiply", "add", "subtract", "and", "or", "xor"))
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Mask below = in.mask("destination");
        Mask above = in.mask("source");
        String operation = in.text("operation");
        int x = in.integer("x");
        int y = in.integer("y");
        int batch = Math.max(below.batch(), above.batch());
        Mask out = Mask.filled(batch, below.height(), below.width(), 0);
        int area = below.height() * below.width();
        for (int i = 0; i < out.data().length; i++) {
            int place = i / area;
            int row = i % area / below.width() - y;
            int column = i % below.width() - x;
            float value = below.data()[place % below.batch() * area + i % area];
            boolean inside =
                    row >= 0 && row < above.height() && column >= 0 && column < above.width();
            if (inside) {
                int plane = place % above.batch() * above.height();
                float other = above.data()[(plane + row) * above.width() + column];
                value = combined(operation, value, other);
            }
            out.data()[i] = Math.clamp(value, 0f, 1f);
        }
        return Outputs.of(out);
    }

    private static float combined(String operation, float a, float b) {
        boolean first = Math.rint(a) != 0;
        boolean second = Math.rint(b) != 0;
        return switch (operation) {
            case "multiply" -> a * b;
            case "add" -> a + b;
            case "subtract" -> a - b;
            case "and" -> first && second ? 1f : 0f;
            case "or" -> first || second ? 1f : 0f;
            default -> first != second ? 1f : 0f;
        };
    }
}
