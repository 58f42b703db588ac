package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.unet.ControlNet;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.nio.file.Path;

/// Loads a ControlNet.
public final class ControlNetLoader implements Node {
    private final LoadedModels models;

    public ControlNetLoader(LoadedModels models) {
        this.models = models;
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ControlNetLoader", "nodes")
                .displayed("Load ControlNet Model")
                .category("loaders")
                .required("control_net_name", modelFile("controlnet"))
                .output("CONTROL_NET")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Path file = context.files().model("controlnet", in.text("control_net_name"));
        ControlRef net =
                new ControlRef(
                        models.load(
                                LoadedModels.Wanted.of(
                                        ControlNet.class, file, ModelFiles::controlNet)));
        return Outputs.of(new Value.Handle("CONTROL_NET", net));
    }
}
