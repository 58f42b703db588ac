package comfyserverless.diffusion.weights.pickle;

import comfyserverless.diffusion.torch.DType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The classes and functions that may stand in a pickle: those by which tensors are put together, and a few that come
/// beside them in checkpoints and are passed over. A file that names any other is refused.
enum Known {
    ORDERED_DICT("collections OrderedDict"),
    REBUILD_TENSOR("torch._utils _rebuild_tensor"),
    REBUILD_TENSOR_V2("torch._utils _rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils _rebuild_parameter"),
    SIZE("torch Size"),
    FLOAT("torch FloatStorage", DType.F32),
    HALF("torch HalfStorage", DType.F16),
    BFLOAT16("torch BFloat16Storage", DType.BF16),
    DOUBLE("torch DoubleStorage", DType.F64),
    LONG("torch LongStorage", DType.I64),
    INT("torch IntStorage", DType.I32),
    SHORT("torch ShortStorage", DType.I16),
    CHAR("torch CharStorage", DType.I8),
    BYTE("torch ByteStorage", DType.U8),
    BOOL("torch BoolStorage", DType.BOOL),
    MODEL_CHECKPOINT("pytorch_lightning.callbacks.model_checkpoint ModelCheckpoint"),
    NUMPY_SCALAR("numpy.core.multiarray scalar"),
    NUMPY_TYPE("numpy dtype"),
    ENCODE("_codecs encode");

    private final String fullName;
    private final @Nullable DType storage;

    Known(String fullName) {
        this(fullName, null);
    }

    Known(String fullName, @Nullable DType storage) {
        this.fullName = fullName;
        this.storage = storage;
    }

    static Optional<Known> of(String module, String name) {
        String wanted = module + " " + name;
        return Arrays.stream(values()).filter(known -> known.fullName.equals(wanted)).findFirst();
    }

    /// The type of a storage's numbers; empty for what is no storage.
    Optional<DType> storage() {
        return Optional.ofNullable(storage);
    }
}
