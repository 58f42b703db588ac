package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.inputFile;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.save.FileMark;

/// Loads a picture that was uploaded.
public final class LoadImage implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LoadImage", "nodes")
                .displayed("Load Image")
                .category("image")
                .required("image", inputFile("image").with("image_upload", true))
                .output("IMAGE")
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        String name = in.text("image");
        LoadedPicture picture = LoadedPicture.read(context.files().read(name), name);
        return Outputs.of(picture.image(), picture.mask());
    }

    @Override
    public boolean marksChanges() {
        return true;
    }

    @Override
    public JsonNode changeMark(Inputs literals, NodeContext context) {
        return FileMark.of(context.files().read(literals.text("image")));
    }
}
