package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Loads checkpoints on a device: checks the file, tells the model by its keys, refuses what does not fit into memory,
/// and builds the parts from the shapes.
public final class Checkpoints {

    /// What names of an autoencoder begin with.
    private static final List<String> VAES = List.of("first_stage_model.", "vae.");

    private final Torch torch;
    private final MemoryBudget budget;
    private final ClipPrecision precision;

    /// @param precision how text encoders are held: [ClipPrecision#FP16] as ComfyUI does by default
    public Checkpoints(Torch torch, MemoryBudget budget, ClipPrecision precision) {
        this.torch = torch;
        this.budget = budget;
        this.precision = precision;
    }

    /// What was found in a file before anything is loaded.
    private record Parts(
            StateDict file,
            NetworkFamilies.Found network,
            Optional<TextPlan> text,
            Optional<StateDict> vae) {

        static Parts of(StateDict file) {
            NetworkFamilies.Found network = NetworkFamilies.in(file);
            refuseScaled(file);
            return new Parts(
                    file,
                    network,
                    TextFamilies.inCheckpoint(file),
                    VAES.stream().filter(file::containsUnder).findFirst().map(file::under));
        }

        private static void refuseScaled(StateDict file) {
            if (file.names().stream().anyMatch(name -> name.endsWith("scaled_fp8"))) {
                throw new ModelFileException(
                        file.file(), "its weights are scaled fp8, which cannot be read so far");
            }
        }
    }

    /// Loads a checkpoint in its original layout. Its text encoders and its autoencoder may be missing.
    ///
    /// @throws ModelFileException when the file is not there, damaged, of another model, or too large for the memory
    public Checkpoint load(Path file, ProgressListener listener) {
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "there is no such file in " + file.getParent());
        }
        try {
            listener.progress("Reading " + file.getFileName(), 0);
            Parts parts = Parts.of(StateDict.read(file));
            LoadingNeed need = need(parts);
            need.refuseBeyond(budget.available(), parts.file());
            return torch.call(() -> build(parts, need, listener));
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
        } catch (TorchException e) {
            throw new ModelFileException(file, "its weights cannot be used: " + e.getMessage(), e);
        }
    }

    private Checkpoint build(Parts parts, LoadingNeed need, ProgressListener listener) {
        String name = String.valueOf(parts.file().file().getFileName());
        Deque<AutoCloseable> built = new ArrayDeque<>();
        try (Weights weights = Weights.open(torch, parts.file(), DType.F32)) {
            Network network = network(weights, parts.network(), NetworkStorage.DEFAULT);
            built.push(network);
            listener.progress("Loading the text encoder of " + name, 0.7);
            TextEncoder text = null;
            if (parts.text().isPresent()) {
                text = text(weights, parts.text().get());
                built.push(text);
            }
            listener.progress("Loading the autoencoder of " + name, 0.9);
            Vae vae =
                    parts.vae().isPresent()
                            ? Vae.of(torch, weights.reading(parts.vae().get()), budget)
                            : null;
            listener.progress("Loaded " + name, 1);
            return new Checkpoint(network, text, vae, need);
        } catch (RuntimeException e) {
            closeAll(built, e);
            throw e;
        }
    }

    /// Builds a network, on the device's thread.
    ///
    /// @param file weights of the whole file
    Network network(Weights file, NetworkFamilies.Found found, NetworkStorage storage) {
        Weights weights = file.reading(found.weights());
        Architecture architecture = found.family().architecture(weights, file);
        DType type = found.family().computingType(torch.device());
        return Network.of(torch, budget, architecture, storage.of(weights).as(type));
    }

    private TextEncoder text(Weights file, TextPlan plan) {
        List<Weights> parts = new ArrayList<>();
        for (int part = 0; part < plan.parts().size(); part++) {
            parts.add(file.reading(plan.parts().get(part)).as(plan.heldAs(part, precision.type())));
        }
        return TextEncoder.of(torch, budget, plan.design(), parts);
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

    /// The memory that text encoders take.
    static LoadingNeed need(TextPlan plan, ClipPrecision precision) {
        LoadingNeed need = LoadingNeed.NOTHING;
        for (int part = 0; part < plan.parts().size(); part++) {
            need =
                    need.plus(
                            LoadingNeed.of(
                                    plan.parts().get(part), plan.heldAs(part, precision.type())));
        }
        return need;
    }

    private LoadingNeed need(Parts parts) {
        LoadingNeed need =
                LoadingNeed.of(
                        parts.network().weights(),
                        parts.network().family().computingType(torch.device()));
        if (parts.text().isPresent()) {
            need = need.plus(need(parts.text().get(), precision));
        }
        if (parts.vae().isPresent()) {
            need = need.plus(LoadingNeed.of(parts.vae().get(), DType.F32));
        }
        return need;
    }
}
