package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.image.PngWriter;
import java.util.Map;

/// Sends pictures to the client's socket and keeps none.
public final class SaveImageWebsocket implements Node {
    private static final int LEVEL = 4;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("SaveImageWebsocket", "custom_nodes.websocket_image_save")
                .category("api/image")
                .required("images", link("IMAGE"))
                .outputNode()
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image images = in.image("images");
        for (int i = 0; i < images.batch(); i++) {
            Pixels pixels =
                    Pixels.of(
                            images.data(),
                            images.at(i, 0, 0),
                            images.width(),
                            images.height(),
                            images.channels());
            byte[] png = PngWriter.write(pixels, Map.of(), LEVEL);
            context.progressWithResult(i, images.batch(), new PreviewFrame("image/png", png, null));
        }
        return Outputs.of();
    }

    @Override
    public boolean marksChanges() {
        return true;
    }

    /// Pictures are sent again each time.
    @Override
    public JsonNode changeMark(Inputs literals, NodeContext context) {
        return DoubleNode.valueOf(Double.NaN);
    }
}
