package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.time.Clock;

/// Saves pictures in the output folder.
public final class SaveImage implements Node {
    private static final int LEVEL = 4;

    private final PictureSaver saver;

    /// @param metadata whether the prompt is written into the files
    public SaveImage(boolean metadata, Clock clock) {
        this.saver = new PictureSaver(FileType.OUTPUT, LEVEL, metadata, clock);
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("SaveImage", "nodes")
                .displayed("Save Image")
                .category("image")
                .describe("Saves the pictures as PNG files in the output folder.")
                .required("images", link("IMAGE").tooltip("What to save."))
                .required(
                        "filename_prefix",
                        text().preset("ComfyUI")
                                .tooltip(
                                        "How the names begin. May hold folders and %width%,"
                                                + " %height%, %year%, %month%, %day%, %hour%,"
                                                + " %minute%, %second%, %batch_num%."))
                .hidden("prompt", Hidden.PROMPT)
                .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                .outputNode()
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return saver.save(in.image("images"), in.text("filename_prefix"), in, context);
    }
}
