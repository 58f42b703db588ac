package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.nodeapi.NodeException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

/// A checkpoint that nodes hand on: loaded when it is used, and again if it was unloaded in between.
public final class CheckpointRef {
    private final LoadedModels models;
    private final Path file;

    CheckpointRef(LoadedModels models, Path file) {
        this.models = models;
        this.file = file;
    }

    /// Runs something with the loaded checkpoint.
    ///
    /// @throws NodeException if the file is no usable checkpoint, or memory does not suffice
    public <T> T use(Function<Checkpoint, T> work) {
        try {
            return models.use(file, work);
        } catch (ModelFileException e) {
            throw new NodeException("RuntimeError", String.valueOf(e.getMessage()), e);
        } catch (TorchException e) {
            if (isOutOfMemory(e)) {
                models.unloadUnused();
                throw new NodeException(
                        "OutOfMemoryError",
                        "The device has too little memory for this: "
                                + e.getMessage()
                                + ". Smaller pictures or batches need less.",
                        e);
            }
            throw e;
        }
    }

    private static boolean isOutOfMemory(TorchException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("out of memory")
                || message.contains("can't allocate")
                || message.contains("not enough memory");
    }
}
