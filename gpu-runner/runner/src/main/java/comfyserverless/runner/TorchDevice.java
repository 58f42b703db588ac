package comfyserverless.runner;

import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.ProgressListener;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.torch.EngineStart;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchSettings;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The device that models run on. PyTorch starts with the first model on a CPU, so that the runner is there at
/// once; on CUDA at once, so that a missing library is told at the start.
final class TorchDevice implements Supplier<ModelFiles>, AutoCloseable {
    private final TorchSettings settings;
    private final EngineStart progress;
    private @Nullable Torch torch;

    TorchDevice(TorchSettings settings, EngineStart progress) {
        this.settings = settings;
        this.progress = progress;
        if (settings.device() == Device.CUDA) {
            torch();
        }
    }

    private synchronized Torch torch() {
        Torch open = torch;
        if (open == null) {
            open = Torch.open(settings, progress);
            torch = open;
        }
        return open;
    }

    @Override
    public ModelFiles get() {
        return new ModelFiles(
                torch(), new MemoryBudget(Path.of("/")), ClipPrecision.FP16, loading());
    }

    private ProgressListener loading() {
        return progress::progress;
    }

    @Override
    public synchronized void close() {
        if (torch != null) {
            torch.close();
        }
    }
}
