package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.OptionalInt;

/// Takes a text encoder's output from an earlier layer ("clip skip").
public final class CLIPSetLastLayer implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("CLIPSetLastLayer", "nodes")
                .displayed("CLIP Set Last Layer")
                .category("conditioning")
                .required("clip", link("CLIP"))
                .required("stop_at_clip_layer", integer(-1).between(-24, -1).step(1))
                .output("CLIP")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        OptionalInt layer = OptionalInt.of(in.integer("stop_at_clip_layer"));
        return Outputs.of(new ModelHandle.Encoder(clip.encoder(), layer, clip.weights()).value());
    }
}
