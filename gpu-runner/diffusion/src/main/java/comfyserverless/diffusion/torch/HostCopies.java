package comfyserverless.diffusion.torch;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The two doors between Java buffers and tensors; both are used with plain element types only.
final class HostCopies {

    private HostCopies() {}

    /// A one-dimensional uint8 array that borrows the buffer: clone it before the buffer goes.
    static PtNDArray uint8(PtNDManager manager, ByteBuffer direct) {
        return JniUtils.createNdFromByteBuffer(
                manager,
                direct,
                new Shape(direct.remaining()),
                DataType.UINT8,
                SparseFormat.DENSE,
                Device.cpu());
    }

    /// Copies a contiguous float32 CPU tensor out.
    static void floats(PtNDManager manager, IValue contiguous, float[] target) {
        try (PtNDArray array = contiguous.toTensor(manager)) {
            array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(target);
        }
    }
}
