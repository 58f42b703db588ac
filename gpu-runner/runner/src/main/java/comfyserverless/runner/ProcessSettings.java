package comfyserverless.runner;

import comfyserverless.diffusion.torch.TorchSettings;
import comfyserverless.runner.claim.RunnerSettings;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import comfyserverless.runner.run.CacheSettings;
import java.time.Duration;

/// The settings of a runner process.
///
/// @param runners how many jobs it runs at once (1)
/// @param jobs how it keeps its jobs
/// @param maxMessage the longest message to a client in bytes (31 KiB; up to 120 KiB where the gateway takes it)
/// @param metadata whether saved pictures carry the prompt (true)
/// @param previews whether samplers show how a picture stands (none)
/// @param torch which device computes
/// @param loadedModels how many checkpoints stay loaded (2)
/// @param caching which results of nodes are kept for later prompts (those of the last one)
/// @param longestWait how long a node may wait for a client's message (10 minutes): it holds a device
public record ProcessSettings(
        int runners,
        RunnerSettings jobs,
        int maxMessage,
        boolean metadata,
        PreviewMethod previews,
        TorchSettings torch,
        int loadedModels,
        CacheSettings caching,
        Duration longestWait) {
    private static final int SAFE_MESSAGE = 31 * 1024;

    public ProcessSettings {
        if (runners < 1 || loadedModels < 1) {
            throw new IllegalArgumentException(
                    runners + " runners and " + loadedModels + " loaded models: at least 1 each");
        }
    }

    /// The production values.
    public static ProcessSettings standard() {
        return new ProcessSettings(
                1,
                RunnerSettings.standard(),
                SAFE_MESSAGE,
                true,
                PreviewMethod.NONE,
                TorchSettings.cpu(),
                2,
                CacheSettings.standard(),
                Duration.ofMinutes(10));
    }
}
