package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.inputFile;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.save.FileMark;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.Saving;

/// The nodes that save latents and load them again.
public final class LatentFiles {
    private LatentFiles() {}

    public static Node saveLatent(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveLatent", "nodes")
                        .category("_for_testing")
                        .required("samples", link("LATENT"))
                        .required("filename_prefix", text().preset("latents/ComfyUI"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> {
                    FileSaver files =
                            saving.begin(
                                    FileType.OUTPUT, in.text("filename_prefix"), 0, 0, context);
                    files.save(
                            0, "latent", LatentFile.write(in.latent("samples"), saving.texts(in)));
                    return Outputs.shown("latents", files.saved());
                });
    }

    public static Node loadLatent() {
        return new Loader(
                NodeDefinition.of("LoadLatent", "nodes")
                        .category("_for_testing")
                        .required("latent", inputFile("latent"))
                        .output("LATENT")
                        .build());
    }

    private record Loader(NodeDefinition definition) implements Node {
        @Override
        public Outputs run(Inputs in, NodeContext context) {
            String name = in.text("latent");
            return Outputs.of(LatentFile.read(context.files().read(name), name));
        }

        @Override
        public boolean marksChanges() {
            return true;
        }

        @Override
        public JsonNode changeMark(Inputs literals, NodeContext context) {
            return FileMark.of(context.files().read(literals.text("latent")));
        }
    }
}
