package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.ModelFamily;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/// Loads checkpoints on a device: checks the file, tells the model by its keys, refuses what does not fit into memory,
/// and builds the parts from the shapes.
public final class Checkpoints {

    private static final String UNET = "model.diffusion_model.";
    private static final String VAE = "first_stage_model.";
    private static final String TEXT = "cond_stage_model.transformer.text_model.";
    private static final String TEXT_WITHOUT_MODEL = "cond_stage_model.transformer.";

    private final Torch torch;
    private final MemoryBudget budget;
    private final ClipPrecision precision;

    /// @param precision how text encoders are held: [ClipPrecision#FP16] as ComfyUI does by default
    public Checkpoints(Torch torch, MemoryBudget budget, ClipPrecision precision) {
        this.torch = torch;
        this.budget = budget;
        this.precision = precision;
    }

    /// Loads a .safetensors checkpoint of Stable Diffusion 1.x in its original layout.
    ///
    /// @throws ModelFileException when the file is not there, damaged, of another model, or too large for the memory
    public Checkpoint load(Path file, ProgressListener listener) {
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "there is no such file in " + file.getParent());
        }
        try {
            listener.progress("Reading " + file.getFileName(), 0);
            StateDict dict = StateDict.read(file);
            refuseOtherFamilies(dict);
            LoadingNeed need = need(dict);
            need.refuseBeyond(budget.available(), dict);
            return torch.call(() -> build(dict, need, listener));
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
        } catch (TorchException e) {
            throw new ModelFileException(file, "its weights cannot be used: " + e.getMessage(), e);
        }
    }

    private Checkpoint build(StateDict dict, LoadingNeed need, ProgressListener listener) {
        String name = String.valueOf(dict.file().getFileName());
        Deque<AutoCloseable> built = new ArrayDeque<>();
        try (Weights weights = Weights.open(torch, dict, DType.F32)) {
            Network network = Network.of(torch, budget, weights.under(UNET).as(networkType(torch)));
            built.push(network);
            listener.progress("Loading the text encoder of " + name, 0.7);
            Weights text = weights.under(textPrefix(dict)).as(precision.type());
            TextEncoder encoder = TextEncoder.of(torch, budget, text);
            built.push(encoder);
            listener.progress("Loading the autoencoder of " + name, 0.9);
            Vae vae = Vae.of(torch, weights.under(VAE), budget);
            listener.progress("Loaded " + name, 1);
            return new Checkpoint(network, encoder, vae, need);
        } catch (RuntimeException e) {
            closeAll(built, e);
            throw e;
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts, RuntimeException reason) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                reason.addSuppressed(e);
            }
        }
    }

    /// What the network computes in: full precision on a processor, half on a GPU, as ComfyUI chooses.
    static DType networkType(Torch torch) {
        return switch (torch.device()) {
            case CPU -> DType.F32;
            case CUDA -> DType.F16;
        };
    }

    private LoadingNeed need(StateDict dict) {
        return Stream.of(
                        LoadingNeed.of(dict.under(UNET), networkType(torch)),
                        LoadingNeed.of(dict.under(VAE), DType.F32),
                        LoadingNeed.of(dict.under(textPrefix(dict)), precision.type()))
                .reduce(LoadingNeed.NOTHING, LoadingNeed::plus);
    }

    private static String textPrefix(StateDict dict) {
        return dict.containsUnder(TEXT) ? TEXT : TEXT_WITHOUT_MODEL;
    }

    private static void refuseOtherFamilies(StateDict dict) {
        ModelFamily family = ModelFamily.of(dict);
        if (family != ModelFamily.SD1) {
            throw new ModelFileException(
                    dict.file(),
                    "a checkpoint of %s; Stable Diffusion 1 is what can be run so far"
                            .formatted(family.title()));
        }
        if (dict.contains(UNET + "scaled_fp8") || dict.contains("scaled_fp8")) {
            throw new ModelFileException(
                    dict.file(), "its weights are scaled fp8, which cannot be read so far");
        }
        for (String part : new String[] {UNET, VAE, TEXT_WITHOUT_MODEL}) {
            if (!dict.containsUnder(part)) {
                throw new ModelFileException(
                        dict.file(), "no whole checkpoint: no key begins with " + part);
            }
        }
    }
}
