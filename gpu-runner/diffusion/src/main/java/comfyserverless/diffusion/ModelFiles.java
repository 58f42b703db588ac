package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipDesign;
import comfyserverless.diffusion.clip.ClipFiles;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.prompts.TextFiles;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.unet.ControlNet;
import comfyserverless.diffusion.unet.UNetFamily;
import comfyserverless.diffusion.upscale.Upscaler;
import comfyserverless.diffusion.vae.Autoencoder;
import comfyserverless.diffusion.vae.TinyAutoencoder;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.DiffusersNames;
import comfyserverless.diffusion.weights.LoadingNeed;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Loads models of every kind that a file of its own may hold, on a device. Each method throws a [ModelFileException]
/// when the file is not there, damaged, of another model, or too large for the memory.
public final class ModelFiles {

    private static final String CONTROL = "control_model.";
    private static final String VAE = "first_stage_model.";

    private final Torch torch;
    private final MemoryBudget budget;
    private final ClipPrecision precision;
    private final ProgressListener listener;

    /// @param precision how text encoders are held: [ClipPrecision#FP16] as ComfyUI does by default
    public ModelFiles(
            Torch torch, MemoryBudget budget, ClipPrecision precision, ProgressListener listener) {
        this.torch = torch;
        this.budget = budget;
        this.precision = precision;
        this.listener = listener;
    }

    /// A whole checkpoint.
    public Checkpoint checkpoint(Path file) {
        return new Checkpoints(torch, budget, precision).load(file, listener);
    }

    /// A network alone, with the names of its checkpoint or of the diffusers library.
    public Network network(Path file, NetworkStorage storage) {
        StateDict dict = read(file);
        NetworkFamilies.Found found = NetworkFamilies.in(dict);
        Checkpoints checkpoints = new Checkpoints(torch, budget, precision);
        return load(
                dict,
                LoadingNeed.of(found.weights(), found.family().computingType(torch.device())),
                weights -> checkpoints.network(weights, found, storage));
    }

    /// A text encoder alone: one of CLIP's, as the family uses it that has no other beside it.
    public TextEncoder textEncoder(Path file) {
        ClipFiles.Alone found = clip(file);
        return load(
                found.weights(),
                LoadingNeed.of(found.weights(), precision.type()),
                weights ->
                        TextEncoder.of(
                                torch,
                                budget,
                                found.design(),
                                List.of(weights.as(precision.type()))));
    }

    /// Stable Diffusion XL's two text encoders, CLIP-L and OpenCLIP-G, of a file each, whichever is which.
    public TextEncoder twoTextEncoders(Path file, Path other) {
        List<ClipFiles.Alone> found = Stream.of(clip(file), clip(other)).sorted().toList();
        if (!found.stream().map(ClipFiles.Alone::design).toList().equals(ClipFiles.PAIR)) {
            throw new ModelFileException(
                    file,
                    "together with %s no pair of CLIP-L and OpenCLIP-G, as Stable Diffusion XL has"
                            .formatted(other.getFileName()));
        }
        return load(
                found.getFirst().weights(),
                need(found.getFirst()).plus(need(found.getLast())),
                first ->
                        load(
                                found.getLast().weights(),
                                LoadingNeed.NOTHING,
                                second ->
                                        TextEncoder.of(
                                                torch,
                                                budget,
                                                ClipDesign.SDXL,
                                                List.of(
                                                        first.as(precision.type()),
                                                        second.as(precision.type())))));
    }

    /// Flux's text encoders, CLIP-L and T5, of a file each, whichever is which.
    public TextEncoder fluxTextEncoders(List<Path> files) {
        return textEncoders(TextFiles.flux(files.stream().map(ModelFiles::read).toList()));
    }

    /// Text encoders of Stable Diffusion 3 of a file each: one, two or all of CLIP-L, CLIP-G and T5, in any order.
    public TextEncoder sd3TextEncoders(List<Path> files) {
        return textEncoders(TextFiles.sd3(files.stream().map(ModelFiles::read).toList()));
    }

    private TextEncoder textEncoders(TextPlan plan) {
        LoadingNeed need = Checkpoints.need(plan, precision);
        return textEncoders(plan, need, List.of());
    }

    /// Opens one file after the other, and builds when all are open.
    private TextEncoder textEncoders(TextPlan plan, LoadingNeed need, List<Weights> open) {
        int part = open.size();
        if (part == plan.parts().size()) {
            return torch.call(() -> TextEncoder.of(torch, budget, plan.design(), open));
        }
        return load(
                plan.parts().get(part),
                need,
                weights -> {
                    List<Weights> more = new ArrayList<>(open);
                    more.add(weights.as(plan.heldAs(part, precision.type())));
                    return textEncoders(plan, LoadingNeed.NOTHING, more);
                });
    }

    private LoadingNeed need(ClipFiles.Alone text) {
        return LoadingNeed.of(text.weights(), precision.type());
    }

    private static ClipFiles.Alone clip(Path file) {
        StateDict dict = read(file);
        return ClipFiles.alone(dict)
                .orElseThrow(() ->
                        new ModelFileException(
                                file,
                                "no CLIP text encoder, which is what can be run so far: %s"
                                        .formatted(examples(dict))));
    }

    /// An autoencoder alone, in the layout of a checkpoint or of the diffusers library.
    public Autoencoder autoencoder(Path file) {
        StateDict dict = read(file);
        StateDict under = dict.containsUnder(VAE) ? dict.under(VAE) : dict;
        StateDict vae = DiffusersNames.isVae(under) ? DiffusersNames.vae(under) : under;
        if (!vae.contains("decoder.conv_in.weight") || !vae.contains("encoder.conv_in.weight")) {
            throw new ModelFileException(
                    file, "no autoencoder of Stable Diffusion: %s".formatted(examples(dict)));
        }
        return load(vae, LoadingNeed.of(vae, DType.F32), weights -> Vae.of(torch, weights, budget));
    }

    /// A tiny autoencoder, whose halves are two files.
    public Autoencoder tinyAutoencoder(Path encoder, Path decoder, TinyAutoencoder.Scale scale) {
        return load(
                read(encoder),
                LoadingNeed.NOTHING,
                first ->
                        load(
                                read(decoder),
                                LoadingNeed.NOTHING,
                                second ->
                                        TinyAutoencoder.of(
                                                torch,
                                                new TinyAutoencoder.Parts(first, second),
                                                scale,
                                                budget)));
    }

    /// A ControlNet, in its own layout or that of the diffusers library.
    public ControlNet controlNet(Path file) {
        StateDict dict = read(file);
        StateDict under = dict.containsUnder(CONTROL) ? dict.under(CONTROL) : dict;
        StateDict net = DiffusersNames.isControlNet(under) ? DiffusersNames.unet(under) : under;
        if (!net.contains("zero_convs.0.0.weight")) {
            throw new ModelFileException(
                    file, "no ControlNet of a known kind: %s".formatted(examples(dict)));
        }
        DType type = new UNetFamily().computingType(torch.device());
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
        boolean averaged = name.endsWith("_shuffle") || name.endsWith("_shuffle_fp16");
        return load(
                net,
                LoadingNeed.of(net, type),
                weights -> ControlNet.of(torch, weights.as(type), averaged));
    }

    /// A network that enlarges pictures.
    public Upscaler upscaler(Path file) {
        StateDict dict = read(file);
        return load(
                dict,
                LoadingNeed.of(dict, DType.F32),
                weights -> Upscaler.of(torch, weights, budget));
    }

    private static StateDict read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "there is no such file in " + file.getParent());
        }
        try {
            return StateDict.read(file);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private <M> M load(StateDict dict, LoadingNeed need, Function<Weights, M> builder) {
        Path file = dict.file();
        need.refuseBeyond(budget.available(), dict);
        listener.progress("Loading " + file.getFileName(), 0);
        try {
            M model =
                    torch.call(() -> {
                        try (Weights weights = Weights.open(torch, dict, DType.F32)) {
                            return builder.apply(weights);
                        }
                    });
            listener.progress("Loaded " + file.getFileName(), 1);
            return model;
        } catch (TorchException e) {
            throw new ModelFileException(file, "its weights cannot be used: " + e.getMessage(), e);
        }
    }

    private static String examples(StateDict dict) {
        return "its keys are such as " + String.join(", ", dict.names().stream().limit(3).toList());
    }
}
