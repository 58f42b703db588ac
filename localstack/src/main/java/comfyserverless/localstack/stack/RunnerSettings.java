package comfyserverless.localstack.stack;

import comfyserverless.diffusion.torch.TorchSettings;
import comfyserverless.localstack.settings.Cache;
import comfyserverless.localstack.settings.Device;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.runner.ProcessSettings;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import comfyserverless.runner.run.CacheMode;
import java.time.Duration;

/// What the flags of the local stack mean to its runners.
final class RunnerSettings {
    /// A look costs less than a millisecond here, so an interrupt need not wait for a second.
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final int LONGEST_MESSAGE = 120 * 1024;

    private RunnerSettings() {}

    static ProcessSettings of(LocalSettings settings) {
        LocalSettings.Running running = settings.running();
        ProcessSettings standard = ProcessSettings.standard();
        Duration wait = running.longestWait();
        TorchSettings torch =
                running.device() == Device.CUDA
                        ? new TorchSettings(comfyserverless.diffusion.torch.Device.CUDA, 0)
                        : TorchSettings.cpu();
        return new ProcessSettings(
                running.runners(),
                standard.jobs().looking(LOOK),
                settings.extras().binaryFrames() ? LONGEST_MESSAGE : standard.maxMessage(),
                running.metadata(),
                PreviewMethod.LATENT2RGB,
                torch,
                standard.loadedModels(),
                standard.caching()
                        .withMode(kept(running.cache()))
                        .withShared(running.sharedCache()),
                wait == null ? standard.longestWait() : wait);
    }

    private static CacheMode kept(Cache cache) {
        return switch (cache) {
            case Cache.Classic _ -> new CacheMode.Classic();
            case Cache.Lru lru -> new CacheMode.Lru(lru.entries());
            case Cache.FreeMemory memory -> new CacheMode.FreeMemory(memory.headroom());
            case Cache.None _ -> new CacheMode.None();
        };
    }
}
