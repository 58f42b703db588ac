package comfyserverless.vignette;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.PackNodes;
import java.util.List;

/// What the pack's node does, for runners: it darkens pictures towards their corners.
public record VignetteNodes(List<Node> nodes) implements PackNodes {
    public VignetteNodes() {
        this(List.of(Node.of(VignettePack.VIGNETTE, VignetteNodes::darken)));
    }

    private static Outputs darken(Inputs in, NodeContext context) {
        Image image = in.image("image");
        double strength = in.decimal("strength");
        float[] data = image.data().clone();
        for (int i = 0; i < data.length; i++) {
            int pixel = i / image.channels();
            double x = 2.0 * (pixel % image.width() + 0.5) / image.width() - 1;
            double y = 2.0 * (pixel / image.width() % image.height() + 0.5) / image.height() - 1;
            data[i] *= (float) (1 - strength * (x * x + y * y) / 2);
        }
        context.progress(1, 1);
        return Outputs.of(image.withData(data));
    }
}
