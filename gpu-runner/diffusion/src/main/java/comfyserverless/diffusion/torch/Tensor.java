package comfyserverless.diffusion.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A tensor on a device, opaque outside this package. Operations return new tensors in the current scope and leave
/// their operands as they are; shapes broadcast as in PyTorch; dimensions may be negative (from the end).
public final class Tensor extends Resource {

    private long @Nullable [] shape;

    Tensor(Torch torch, IValue value) {
        super(torch, value);
    }

    public long[] shape() {
        long[] known = shape;
        if (known == null) {
            known = op("shape").longs();
            shape = known;
        }
        return known.clone();
    }

    public long size(int dimension) {
        long[] sizes = shape();
        return sizes[dimension < 0 ? dimension + sizes.length : dimension];
    }

    /// A copy of the numbers in the Java heap, converted to float32.
    public HostTensor toHost() {
        float[] data = new float[Math.toIntExact(Shapes.count(shape()))];
        try (Scope _ = torch().scope()) {
            HostCopies.floats(torch().manager(), op("to_host_f32").tensor().value(), data);
        }
        return new HostTensor(data, shape());
    }

    public Tensor add(Tensor other) {
        return op("add").with(other).tensor();
    }

    public Tensor sub(Tensor other) {
        return op("sub").with(other).tensor();
    }

    public Tensor mul(Tensor other) {
        return op("mul").with(other).tensor();
    }

    public Tensor permute(long... order) {
        return op("permute").withLongs(order).tensor();
    }

    /// Elements `from` (inclusive) to `to` (exclusive) of one dimension; a view.
    public Tensor slice(int dimension, long from, long to) {
        return op("slice").with(dimension).with(from).with(to).tensor();
    }

    public Tensor to(DType type) {
        return op("to_dtype").with(type.code()).tensor();
    }

    /// Converted to a type and moved to a device; itself where it is both already.
    public Tensor to(DType type, Device device) {
        return op("to_device").with(type.code()).with(device.torchName()).tensor();
    }

    @Override
    public String toString() {
        return "Tensor" + (shape == null ? "" : Arrays.toString(shape));
    }

    private Call op(String function) {
        return torch().ops().call(function).with(this);
    }
}
