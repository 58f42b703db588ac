package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Noise;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.math.BigInteger;

/// Adds normal noise, the same for the same seed on any machine.
public final class ImageAddNoise implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageAddNoise", "comfy_extras.nodes_images")
                .category("image")
                .required("image", link("IMAGE"))
                .required(
                        "seed",
                        integer(0)
                                .between(
                                        BigInteger.valueOf(0),
                                        new BigInteger("18446744073709551615"))
                                .with("control_after_generate", true))
                .required("strength", decimal(0.5).between(0, 1).step(0.01))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        float strength = (float) in.decimal("strength");
        float[] noise =
                Noise.of(
                                in.whole("seed"),
                                image.batch(),
                                image.height(),
                                image.width(),
                                image.channels())
                        .data();
        float[] data = new float[noise.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = Math.clamp(image.data()[i] + strength * noise[i], 0f, 1f);
        }
        return Outputs.of(
                new Image(data, image.batch(), image.height(), image.width(), image.channels()));
    }
}
