package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.save.TemporaryNames;
import java.time.Clock;
import java.util.random.RandomGenerator;

/// Shows a mask as grey pictures in the folder for temporary files.
public final class MaskPreview implements Node {
    private static final int LEVEL = 4;

    private final PictureSaver saver;
    private final RandomGenerator random;

    /// @param metadata whether the prompt is written into the files
    public MaskPreview(boolean metadata, Clock clock, RandomGenerator random) {
        this.saver = new PictureSaver(FileType.TEMP, LEVEL, metadata, clock);
        this.random = random;
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("MaskPreview", "comfy_extras.nodes_mask")
                .category("mask")
                .required("mask", link("MASK"))
                .hidden("prompt", Hidden.PROMPT)
                .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                .outputNode()
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        String prefix = "ComfyUI" + TemporaryNames.suffix(random);
        return saver.save(Channels.grey(in.mask("mask")), prefix, in, context);
    }
}
