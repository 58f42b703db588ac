package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.inputFile;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.save.FileMark;
import java.util.Arrays;
import java.util.List;

/// Loads one channel of a picture as a mask; clear pixels of an alpha channel are 1.
public final class LoadImageMask implements Node {
    private static final List<String> CHANNELS = List.of("alpha", "red", "green", "blue");

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LoadImageMask", "nodes")
                .displayed("Load Image (as Mask)")
                .category("mask")
                .required("image", inputFile().with("image_upload", true))
                .required("channel", choice(CHANNELS))
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        String name = in.text("image");
        LoadedPicture picture = LoadedPicture.read(context.files().read(name), name);
        int channel = CHANNELS.indexOf(in.text("channel"));
        if (channel <= 0) {
            return Outputs.of(first(picture.mask()));
        }
        Image image = picture.image();
        Mask mask = Mask.filled(1, image.height(), image.width(), 0);
        for (int i = 0; i < mask.data().length; i++) {
            mask.data()[i] = image.data()[i * image.channels() + channel - 1];
        }
        return Outputs.of(mask);
    }

    private static Mask first(Mask mask) {
        int size = mask.height() * mask.width();
        return new Mask(Arrays.copyOf(mask.data(), size), 1, mask.height(), mask.width());
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
