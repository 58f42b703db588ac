package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.anyOf;
import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.modelFile;

import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.node.ChoiceSource;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.Network;
import comfyserverless.diffusion.NetworkStorage;
import comfyserverless.diffusion.TextEncoder;
import comfyserverless.diffusion.vae.Autoencoder;
import comfyserverless.diffusion.vae.PixelSpace;
import comfyserverless.diffusion.vae.TinyAutoencoder;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The nodes that load a part of a model from a file of its own: network, text encoder, autoencoder.
public final class PartLoaders {
    private static final String PIXEL_SPACE = "pixel_space";
    private static final String APPROXIMATE = "vae_approx";
    private static final String[] TEXT_ENCODER_KINDS = {
        "stable_diffusion",
        "stable_cascade",
        "sd3",
        "stable_audio",
        "mochi",
        "ltxv",
        "pixart",
        "cosmos",
        "lumina2",
        "wan",
        "hidream",
        "chroma",
        "ace",
        "omnigen2",
        "qwen_image",
        "hunyuan_image"
    };

    private static final String[] TWO_TEXT_ENCODERS_KINDS = {
        "sdxl", "sd3", "flux", "hunyuan_video", "hidream", "hunyuan_image"
    };
    private static final List<String> UNKNOWN_PAIRS =
            List.of("hunyuan_video", "hidream", "hunyuan_image");

    private PartLoaders() {}

    public static Node vaeLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("VAELoader", "nodes")
                        .displayed("Load VAE")
                        .category("loaders")
                        .required("vae_name", vaes())
                        .output("VAE")
                        .build(),
                (in, context) -> Outputs.of(vae(models, in, context).value()));
    }

    /// The files, then the tiny autoencoders whose two files are there.
    private static InputSpec vaes() {
        return anyOf(
                new ChoiceSource.ModelFolder("vae"),
                tiny(TinyAutoencoder.Scale.TAESD),
                tiny(TinyAutoencoder.Scale.TAESDXL),
                tiny(TinyAutoencoder.Scale.TAESD3),
                tiny(TinyAutoencoder.Scale.TAEF1),
                new ChoiceSource.Fixed(List.of(TextNode.valueOf(PIXEL_SPACE))));
    }

    private static ChoiceSource tiny(TinyAutoencoder.Scale scale) {
        String name = scale.modelName();
        return new ChoiceSource.WhenThere(
                name, APPROXIMATE, List.of(name + "_encoder.", name + "_decoder."));
    }

    private static ModelHandle.Autoencoder vae(
            LoadedModels models, Inputs in, NodeContext context) {
        String name = in.text("vae_name");
        Optional<TinyAutoencoder.Scale> scale =
                Arrays.stream(TinyAutoencoder.Scale.values())
                        .filter(one -> one.modelName().equals(name))
                        .findFirst();
        if (scale.isPresent()) {
            return tiny(models, scale.get(), context);
        }
        if (name.equals(PIXEL_SPACE)) {
            return new ModelHandle.Autoencoder(
                    models.load(
                            new LoadedModels.Wanted<>(
                                    PixelSpace.class, "", List.of(), _ -> new PixelSpace())));
        }
        Path file = context.files().model("vae", name);
        return new ModelHandle.Autoencoder(
                models.load(
                        LoadedModels.Wanted.of(Autoencoder.class, file, ModelFiles::autoencoder)));
    }

    private static ModelHandle.Autoencoder tiny(
            LoadedModels models, TinyAutoencoder.Scale scale, NodeContext context) {
        Path encoder = half(scale.modelName() + "_encoder.", context);
        Path decoder = half(scale.modelName() + "_decoder.", context);
        return new ModelHandle.Autoencoder(
                models.load(
                        new LoadedModels.Wanted<>(
                                Autoencoder.class,
                                scale.modelName(),
                                List.of(encoder, decoder),
                                device -> device.tinyAutoencoder(encoder, decoder, scale))));
    }

    private static Path half(String beginning, NodeContext context) {
        String name =
                context.files().models().list(context.files().tenant(), APPROXIMATE).stream()
                        .map(ModelFile::name)
                        .filter(file -> file.startsWith(beginning))
                        .findFirst()
                        .orElseThrow(() ->
                                new NodeException(
                                        "FileNotFoundError",
                                        "no file of the folder "
                                                + APPROXIMATE
                                                + " begins with "
                                                + beginning));
        return context.files().model(APPROXIMATE, name);
    }

    public static Node unetLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("UNETLoader", "nodes")
                        .displayed("Load Diffusion Model")
                        .category("advanced/loaders")
                        .required("unet_name", modelFile("diffusion_models"))
                        .required(
                                "weight_dtype",
                                choice("default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"))
                        .output("MODEL")
                        .build(),
                (in, context) -> {
                    Path file = context.files().model("diffusion_models", in.text("unet_name"));
                    NetworkStorage storage = storage(in.text("weight_dtype"));
                    ModelRef<Network> network =
                            models.load(
                                    new LoadedModels.Wanted<>(
                                            Network.class,
                                            storage.name(),
                                            List.of(file),
                                            device -> device.network(file, storage)));
                    return Outputs.of(ModelHandle.Network.plain(network).value());
                });
    }

    private static NetworkStorage storage(String name) {
        return switch (name) {
            case "fp8_e4m3fn", "fp8_e4m3fn_fast" -> NetworkStorage.FP8_E4M3;
            case "fp8_e5m2" -> NetworkStorage.FP8_E5M2;
            default -> NetworkStorage.DEFAULT;
        };
    }

    /// The device changes nothing, and the kind nothing for CLIP's encoders but for those that read prompts in another way.
    public static Node clipLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("CLIPLoader", "nodes")
                        .displayed("Load CLIP")
                        .category("advanced/loaders")
                        .describe(
                                "Loads a text encoder from a file of its own: CLIP-L of Stable"
                                        + " Diffusion 1, OpenCLIP-H of 2, OpenCLIP-G of XL's"
                                        + " refiner, any one of 3.")
                        .required("clip_name", modelFile("text_encoders"))
                        .required("type", choice(TEXT_ENCODER_KINDS))
                        .optional("device", device())
                        .output("CLIP")
                        .build(),
                (in, context) -> {
                    refuseKinds(
                            in.text("type"),
                            List.of("hidream", "stable_cascade"),
                            "stable_diffusion or sd3");
                    if (in.text("type").equals("sd3")) {
                        return FamilyTextLoaders.sd3(
                                models, FamilyTextLoaders.files(in, context, "clip_name"));
                    }
                    Path file = context.files().model("text_encoders", in.text("clip_name"));
                    ModelRef<TextEncoder> encoder =
                            models.load(
                                    LoadedModels.Wanted.of(
                                            TextEncoder.class, file, ModelFiles::textEncoder));
                    return Outputs.of(ModelHandle.Encoder.plain(encoder).value());
                });
    }

    public static Node dualClipLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("DualCLIPLoader", "nodes")
                        .displayed("DualCLIPLoader")
                        .category("advanced/loaders")
                        .describe(
                                "Loads two text encoders from a file each, in any order: CLIP-L and"
                                        + " CLIP-G for Stable Diffusion XL, two of CLIP-L, CLIP-G"
                                        + " and T5 for 3, CLIP-L and T5 for Flux.")
                        .required("clip_name1", modelFile("text_encoders"))
                        .required("clip_name2", modelFile("text_encoders"))
                        .required("type", choice(TWO_TEXT_ENCODERS_KINDS))
                        .optional("device", device())
                        .output("CLIP")
                        .build(),
                (in, context) -> {
                    refuseKinds(in.text("type"), UNKNOWN_PAIRS, "sdxl, sd3 or flux");
                    List<Path> files =
                            FamilyTextLoaders.files(in, context, "clip_name1", "clip_name2");
                    if (in.text("type").equals("sd3")) {
                        return FamilyTextLoaders.sd3(models, files);
                    }
                    if (in.text("type").equals("flux")) {
                        return FamilyTextLoaders.flux(models, files);
                    }
                    Path one = files.getFirst();
                    Path other = files.getLast();
                    ModelRef<TextEncoder> encoder =
                            models.load(
                                    new LoadedModels.Wanted<>(
                                            TextEncoder.class,
                                            "",
                                            files,
                                            device -> device.twoTextEncoders(one, other)));
                    return Outputs.of(ModelHandle.Encoder.plain(encoder).value());
                });
    }

    private static InputSpec device() {
        return choice("default", "cpu").with("advanced", true);
    }

    private static void refuseKinds(String kind, List<String> refused, String instead) {
        if (refused.contains(kind)) {
            throw new NodeException(
                    "ValueError",
                    "type is %s, whose way of reading prompts is not there yet; choose %s"
                            .formatted(kind, instead));
        }
    }
}
