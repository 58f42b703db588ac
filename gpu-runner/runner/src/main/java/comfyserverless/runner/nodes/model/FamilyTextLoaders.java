package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.TextEncoder;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Text encoders of Flux and Stable Diffusion 3, of a file each.
public final class FamilyTextLoaders {
    private FamilyTextLoaders() {}

    public static Node tripleClipLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("TripleCLIPLoader", "comfy_extras.nodes_sd3")
                        .displayed(null)
                        .category("advanced/loaders")
                        .describe(
                                "Loads Stable Diffusion 3's text encoders from a file each: CLIP-L,"
                                        + " CLIP-G and T5, in any order.")
                        .required("clip_name1", modelFile("text_encoders"))
                        .required("clip_name2", modelFile("text_encoders"))
                        .required("clip_name3", modelFile("text_encoders"))
                        .output("CLIP")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        sd3(models, files(in, context, "clip_name1", "clip_name2", "clip_name3")));
    }

    /// The files that inputs name.
    static List<Path> files(Inputs in, NodeContext context, String... inputs) {
        return Stream.of(inputs)
                .map(input -> context.files().model("text_encoders", in.text(input)))
                .toList();
    }

    static Outputs sd3(LoadedModels models, List<Path> files) {
        return load(models, "sd3", files, ModelFiles::sd3TextEncoders);
    }

    static Outputs flux(LoadedModels models, List<Path> files) {
        return load(models, "flux", files, ModelFiles::fluxTextEncoders);
    }

    private static Outputs load(
            LoadedModels models,
            String family,
            List<Path> files,
            BiFunction<ModelFiles, List<Path>, TextEncoder> loader) {
        ModelRef<TextEncoder> encoder =
                models.load(
                        new LoadedModels.Wanted<>(
                                TextEncoder.class,
                                family,
                                files,
                                device -> loader.apply(device, files)));
        return Outputs.of(ModelHandle.Encoder.plain(encoder).value());
    }
}
