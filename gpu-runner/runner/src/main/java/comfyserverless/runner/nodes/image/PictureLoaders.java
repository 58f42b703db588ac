package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.save.FileMark;
import java.util.Map;

/// Further nodes that load pictures: from the output folder, and from a camera.
public final class PictureLoaders {
    /// Where the page asks for the files that can be chosen.
    private static final JsonNode REMOTE =
            Json.object()
                    .put("route", "/internal/files/output")
                    .put("refresh_button", true)
                    .put("control_after_refresh", "first");

    private PictureLoaders() {}

    public static Node loadImageOutput() {
        return new Loader(
                NodeDefinition.of("LoadImageOutput", "nodes")
                        .displayed("Load Image (from Outputs)")
                        .category("image")
                        .required(
                                "image",
                                choice().asNamed()
                                        .with("image_upload", true)
                                        .with("image_folder", "output")
                                        .with("remote", REMOTE))
                        .output("IMAGE")
                        .output("MASK")
                        .trait(Trait.EXPERIMENTAL)
                        .build());
    }

    /// What the browser's camera saw is uploaded first; the input is its name.
    public static Node webcamCapture() {
        return new Loader(
                NodeDefinition.of("WebcamCapture", "comfy_extras.nodes_webcam")
                        .displayed("Webcam Capture")
                        .category("image")
                        .required(
                                "image",
                                new InputSpec.Linked("WEBCAM", new InputOptions(Map.of(), true)))
                        .required("width", integer(0).between(0, 16384).step(1))
                        .required("height", integer(0).between(0, 16384).step(1))
                        .required("capture_on_queue", flag(true))
                        .output("IMAGE")
                        .build());
    }

    private record Loader(NodeDefinition definition) implements Node {
        @Override
        public Outputs run(Inputs in, NodeContext context) {
            String name = in.text("image");
            LoadedPicture picture = LoadedPicture.read(context.files().read(name), name);
            return definition.outputs().size() == 1
                    ? Outputs.of(picture.image())
                    : Outputs.of(picture.image(), picture.mask());
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
}
