package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.ProgressListener;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.nodeapi.Value;
import java.nio.file.Path;

/// The reduced models of the goldens as what nodes hand on.
final class GoldenModels {
    private static final int MOST = 8;
    private static final LoadedModels MODELS =
            new LoadedModels(
                    () ->
                            new ModelFiles(
                                    TestTorch.cpu(),
                                    new MemoryBudget(Path.of("/")),
                                    ClipPrecision.FP16,
                                    ProgressListener.SILENT),
                    MOST);

    private GoldenModels() {}

    static LoadedModels all() {
        return MODELS;
    }

    static Value vae() {
        return new ModelHandle.Autoencoder(
                        sd15().part(checkpoint -> checkpoint.vae().orElseThrow()))
                .value();
    }

    static ModelHandle.Network network() {
        return ModelHandle.Network.plain(sd15().part(Checkpoint::network));
    }

    private static ModelRef<Checkpoint> sd15() {
        Path file = SyntheticModels.file("sd15");
        return MODELS.load(LoadedModels.Wanted.of(Checkpoint.class, file, ModelFiles::checkpoint));
    }
}
