package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.nodeapi.NodeException;
import java.util.Locale;
import java.util.function.Function;

/// A model, or a part of one, that nodes hand on: loaded when it is used, and again if it was unloaded in between.
///
/// @param <M> what it is
public final class ModelRef<M> {
    /// How one gets at a loaded model.
    private interface Use<M> {
        <T> T with(Function<M, T> work);
    }

    private final LoadedModels models;
    private final Use<M> use;

    private ModelRef(LoadedModels models, Use<M> use) {
        this.models = models;
        this.use = use;
    }

    static <M extends AutoCloseable> ModelRef<M> of(
            LoadedModels models, LoadedModels.Wanted<M> wanted) {
        return new ModelRef<>(
                models,
                new Use<>() {
                    @Override
                    public <T> T with(Function<M, T> work) {
                        return models.use(wanted, work);
                    }
                });
    }

    /// A part of this model.
    <P> ModelRef<P> part(Function<M, P> part) {
        Use<M> whole = use;
        return new ModelRef<>(
                models,
                new Use<>() {
                    @Override
                    public <T> T with(Function<P, T> work) {
                        return whole.with(model -> work.apply(part.apply(model)));
                    }
                });
    }

    /// Runs something with the loaded model.
    ///
    /// @throws NodeException if the file is no usable model, or memory does not suffice
    public <T> T use(Function<M, T> work) {
        try {
            return use.with(work);
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
