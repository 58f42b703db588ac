package comfyserverless.diffusion.weights;

import comfyserverless.diffusion.torch.DType;
import java.util.OptionalLong;

/// The memory that loading a checkpoint takes, worked out from its header alone.
///
/// @param mapped bytes that stay in the mapped file (tensors whose stored type is the computing type)
/// @param converted bytes of copies in another type
public record LoadingNeed(long mapped, long converted) {

    /// Room for activations of a small picture, beside the weights.
    private static final long WORKING_BYTES = 300L << 20;

    public static final LoadingNeed NOTHING = new LoadingNeed(0, 0);

    /// What the tensors of a state dict take when they are held as `type`.
    public static LoadingNeed of(StateDict dict, DType type) {
        long mapped = 0;
        long converted = 0;
        for (String name : dict.names()) {
            TensorEntry entry = dict.entry(name);
            if (entry.dtype() == type) {
                mapped += entry.end() - entry.begin();
            } else if (entry.dtype().isFloating()) {
                converted += entry.count() * type.bytes();
            }
        }
        return new LoadingNeed(mapped, converted);
    }

    public LoadingNeed plus(LoadingNeed other) {
        return new LoadingNeed(mapped + other.mapped, converted + other.converted);
    }

    public long total() {
        return mapped + converted + WORKING_BYTES;
    }

    /// Refuses when less memory is left than this takes.
    ///
    /// @throws ModelFileException saying both figures
    public void refuseBeyond(OptionalLong available, StateDict dict) {
        if (available.isPresent() && total() > available.getAsLong()) {
            throw new ModelFileException(
                    dict.file(),
                    "loading it takes about %s of memory, but only %s is free. Free memory, raise the container's limit, or use a smaller model."
                            .formatted(mebibytes(total()), mebibytes(available.getAsLong())));
        }
    }

    private static String mebibytes(long bytes) {
        return "%,d MiB".formatted(bytes >> 20);
    }
}
