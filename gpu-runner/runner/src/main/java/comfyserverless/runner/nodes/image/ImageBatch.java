package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.Grids;
import java.util.Arrays;

/// Two batches of pictures in one; the second takes the size of the first, its middle part scaled.
public final class ImageBatch implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageBatch", "nodes")
                .displayed("Batch Images")
                .category("image")
                .required("image1", link("IMAGE"))
                .required("image2", link("IMAGE"))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image first = in.image("image1");
        Image second = in.image("image2");
        int channels = Math.max(first.channels(), second.channels());
        first = Grids.withChannels(first, channels);
        second = Grids.withChannels(second, channels);
        if (first.height() != second.height() || first.width() != second.width()) {
            second = Scaled.of(second, "bilinear", first.width(), first.height(), true);
        }
        float[] both = Arrays.copyOf(first.data(), first.data().length + second.data().length);
        System.arraycopy(second.data(), 0, both, first.data().length, second.data().length);
        return Outputs.of(
                new Image(
                        both,
                        first.batch() + second.batch(),
                        first.height(),
                        first.width(),
                        channels));
    }
}
