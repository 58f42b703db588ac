package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.inputFile;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Video;
import comfyserverless.runner.nodes.save.FileMark;

/// Loads a video that was uploaded; it is decoded when a node wants its frames.
public final class LoadVideo implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LoadVideo", "comfy_extras.nodes_video")
                .displayed("Load Video")
                .category("image/video")
                .required("file", inputFile("video").with("video_upload", true))
                .output("VIDEO")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        String name = in.text("file");
        return Outputs.of(new Video.Encoded(context.files().read(name), name));
    }

    @Override
    public boolean marksChanges() {
        return true;
    }

    @Override
    public JsonNode changeMark(Inputs literals, NodeContext context) {
        return FileMark.of(context.files().read(literals.text("file")));
    }
}
