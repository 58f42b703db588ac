package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.save.TemporaryNames;
import java.time.Clock;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Shows pictures: saves them in the folder for temporary files.
public final class PicturePreview implements Node {
    /// zlib levels, as ComfyUI has them.
    private static final int FAST_LEVEL = 1;

    private static final int USUAL_LEVEL = 4;

    private final NodeDefinition definition;
    private final Function<Inputs, Image> shown;
    private final PictureSaver saver;
    private final RandomGenerator random;

    private PicturePreview(
            NodeDefinition.Builder definition,
            Function<Inputs, Image> shown,
            PictureSaver saver,
            RandomGenerator random) {
        this.definition =
                definition
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build();
        this.shown = shown;
        this.saver = saver;
        this.random = random;
    }

    /// Of pictures.
    ///
    /// @param metadata whether the prompt is written into the files
    public static Node previewImage(boolean metadata, Clock clock, RandomGenerator random) {
        return new PicturePreview(
                NodeDefinition.of("PreviewImage", "nodes")
                        .displayed("Preview Image")
                        .category("image")
                        .describe("Shows the pictures without keeping them.")
                        .required("images", link("IMAGE")),
                in -> in.image("images"),
                new PictureSaver(FileType.TEMP, FAST_LEVEL, metadata, clock),
                random);
    }

    /// Of a mask, as grey pictures.
    ///
    /// @param metadata whether the prompt is written into the files
    public static Node maskPreview(boolean metadata, Clock clock, RandomGenerator random) {
        return new PicturePreview(
                NodeDefinition.of("MaskPreview", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("mask", link("MASK")),
                in -> Channels.grey(in.mask("mask")),
                new PictureSaver(FileType.TEMP, USUAL_LEVEL, metadata, clock),
                random);
    }

    @Override
    public NodeDefinition definition() {
        return definition;
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        String prefix = "ComfyUI" + TemporaryNames.suffix(random);
        return saver.save(shown.apply(in), prefix, in, context);
    }
}
