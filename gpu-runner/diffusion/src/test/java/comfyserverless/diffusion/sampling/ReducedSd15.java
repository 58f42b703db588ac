package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.Checkpoints;
import comfyserverless.diffusion.ProgressListener;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.List;

/// The reduced Stable Diffusion 1.5 of the goldens, loaded once, and the inputs they name.
final class ReducedSd15 {

    private static final float ROOT_3 = (float) Math.sqrt(3);

    private ReducedSd15() {}

    static Checkpoint checkpoint() {
        return Loaded.CHECKPOINT;
    }

    /// The encoded prompt `pos`, `neg` or `alt`, 77 or 154 tokens long.
    static Conditioning prompt(String name, int tokens) {
        String seed = "in/ctx15/" + name + "/" + tokens;
        return Conditioning.of(SyntheticTensors.tensor(seed, ROOT_3, 0f, 1, tokens, 768), null);
    }

    /// The latent `in/latimg` or `in/latimg3`.
    static HostTensor latent(String name, long batch) {
        return SyntheticTensors.tensor("in/" + name, 1.2f, 0f, batch, 4, 8, 8);
    }

    static SampleRequest.Prompting prompting(double cfg) {
        return new SampleRequest.Prompting(
                List.of(prompt("pos", 77)), List.of(prompt("neg", 77)), cfg);
    }

    static HostTensor sample(
            SampleRequest.Prompting prompts,
            SampleRequest.Latent latent,
            long seed,
            SampleRequest.Plan plan) {
        return Sampling.sample(
                new SampleRequest(checkpoint().model(), prompts, latent, seed, plan),
                StepListener.NONE);
    }

    private static final class Loaded {
        static final Checkpoint CHECKPOINT =
                new Checkpoints(TestTorch.cpu(), new MemoryBudget(Path.of("/")), ClipPrecision.FP16)
                        .load(SyntheticModels.file("sd15"), ProgressListener.SILENT);
    }
}
