package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.ProgressListener;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.conditioning.Prompts;
import java.nio.file.Path;
import java.util.Arrays;

/// The reduced models of the goldens as what nodes hand on.
public final class GoldenModels {
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

    static Value clip() {
        return ModelHandle.Encoder.plain(sd15().part(checkpoint -> checkpoint.text().orElseThrow()))
                .value();
    }

    public static ModelHandle.Network network() {
        return ModelHandle.Network.plain(sd15().part(Checkpoint::network));
    }

    /// What a KSampler makes of a latent with a model: euler, normal, seed 42.
    static Latent sampled(Value model, Latent latent, int steps, double cfg) throws Exception {
        return (Latent)
                Call.of("KSampler")
                        .with("model", model)
                        .with("positive", prompt("pos"))
                        .with("negative", prompt("neg"))
                        .with("latent_image", latent)
                        .with("sampler_name", "euler")
                        .with("scheduler", "normal")
                        .with("seed", 42)
                        .with("steps", steps)
                        .with("denoise", 1.0)
                        .with("cfg", cfg)
                        .first();
    }

    /// The encoded prompt `pos`, `neg`, `alt` or `empty`.
    public static Value prompt(String name) {
        return prompts(name);
    }

    /// Several of them together.
    public static Value prompts(String... names) {
        return new Value.Handle(
                "CONDITIONING",
                new Prompts(Arrays.stream(names).map(GoldenModels::conditioning).toList()));
    }

    private static Conditioning conditioning(String name) {
        float a = (float) Math.sqrt(3);
        return Conditioning.of(
                SyntheticTensors.tensor("in/ctx15/" + name + "/77", a, 0f, 1, 77, 768), null);
    }

    private static ModelRef<Checkpoint> sd15() {
        Path file = SyntheticModels.file("sd15");
        return MODELS.load(LoadedModels.Wanted.of(Checkpoint.class, file, ModelFiles::checkpoint));
    }
}
