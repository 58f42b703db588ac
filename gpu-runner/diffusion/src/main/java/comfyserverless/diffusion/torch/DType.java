package comfyserverless.diffusion.torch;

import java.util.Arrays;
import java.util.Optional;

/// The element types of stored tensors, with PyTorch's ScalarType code and the safetensors name.
public enum DType {
    U8(0, 1, "U8"),
    I8(1, 1, "I8"),
    I16(2, 2, "I16"),
    I32(3, 4, "I32"),
    I64(4, 8, "I64"),
    F16(5, 2, "F16"),
    F32(6, 4, "F32"),
    F64(7, 8, "F64"),
    BOOL(11, 1, "BOOL"),
    BF16(15, 2, "BF16"),
    F8_E5M2(23, 1, "F8_E5M2"),
    F8_E4M3(24, 1, "F8_E4M3"),
    U16(27, 2, "U16"),
    U32(28, 4, "U32"),
    U64(29, 8, "U64");

    private final int code;
    private final int bytes;
    private final String safetensorsName;

    DType(int code, int bytes, String safetensorsName) {
        this.code = code;
        this.bytes = bytes;
        this.safetensorsName = safetensorsName;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// The type that a safetensors header calls `name`.
    public static Optional<DType> ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(type -> type.safetensorsName.equals(name))
                .findFirst();
    }

    public boolean isFloating() {
        return switch (this) {
            case F16, F32, F64, BF16, F8_E5M2, F8_E4M3 -> true;
            case U8, I8, I16, I32, I64, BOOL, U16, U32, U64 -> false;
        };
    }

    /// PyTorch's ScalarType code.
    public int code() {
        return code;
    }
}
