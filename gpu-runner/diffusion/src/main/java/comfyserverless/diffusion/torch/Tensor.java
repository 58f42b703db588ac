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

    // --- what it is

    public long[] shape() {
        long[] known = shape;
        if (known == null) {
            known = op("shape").longs();
            shape = known;
        }
        return known.clone();
    }

    public int rank() {
        return shape().length;
    }

    public long size(int dimension) {
        long[] sizes = shape();
        return sizes[dimension < 0 ? dimension + sizes.length : dimension];
    }

    public DType dtype() {
        return DType.ofCode(op("dtype").integer());
    }

    // --- to the host

    /// A copy of the numbers in the Java heap, converted to float32.
    public HostTensor toHost() {
        float[] data = new float[Math.toIntExact(Shapes.count(shape()))];
        try (Scope _ = torch().scope()) {
            HostCopies.floats(torch().manager(), op("to_host_f32").tensor().value(), data);
        }
        return new HostTensor(data, shape());
    }

    /// The single number of a one-element tensor.
    public double item() {
        return op("item").real();
    }

    // --- arithmetic

    public Tensor add(Tensor other) {
        return op("add").with(other).tensor();
    }

    public Tensor add(double number) {
        return op("add_scalar").with(number).tensor();
    }

    public Tensor sub(Tensor other) {
        return op("sub").with(other).tensor();
    }

    public Tensor mul(Tensor other) {
        return op("mul").with(other).tensor();
    }

    public Tensor mul(double number) {
        return op("mul_scalar").with(number).tensor();
    }

    public Tensor div(Tensor other) {
        return op("div").with(other).tensor();
    }

    /// Division by a number, rounded as PyTorch rounds it (no multiplication by the reciprocal).
    public Tensor div(double number) {
        return op("div_scalar").with(number).tensor();
    }

    /// `this + other * factor`, the product rounded before the sum.
    public Tensor addScaled(Tensor other, double factor) {
        return op("add_scaled").with(other).with(factor).tensor();
    }

    /// `this + (end - this) * weight`.
    public Tensor lerp(Tensor end, double weight) {
        return op("lerp").with(end).with(weight).tensor();
    }

    public Tensor neg() {
        return op("neg").tensor();
    }

    public Tensor abs() {
        return op("abs").tensor();
    }

    public Tensor sqrt() {
        return op("sqrt").tensor();
    }

    public Tensor exp() {
        return op("exp").tensor();
    }

    public Tensor clamp(double least, double most) {
        return op("clamp").with(least).with(most).tensor();
    }

    public Tensor maximum(Tensor other) {
        return op("maximum").with(other).tensor();
    }

    public Tensor minimum(Tensor other) {
        return op("minimum").with(other).tensor();
    }

    /// 1 where `this >= number`, else 0 (float32).
    public Tensor atLeast(double number) {
        return op("at_least").with(number).tensor();
    }

    // --- reductions

    public Tensor mean(boolean keepDimensions, long... dimensions) {
        return op("mean").withLongs(dimensions).with(keepDimensions).tensor();
    }

    public Tensor sum(boolean keepDimensions, long... dimensions) {
        return op("sum").withLongs(dimensions).with(keepDimensions).tensor();
    }

    /// Standard deviation with Bessel's correction, as `torch.std` by default.
    public Tensor std(boolean keepDimensions, long... dimensions) {
        return op("std").withLongs(dimensions).with(keepDimensions).tensor();
    }

    // --- shape

    public Tensor reshape(long... sizes) {
        return op("reshape").withLongs(sizes).tensor();
    }

    public Tensor permute(long... order) {
        return op("permute").withLongs(order).tensor();
    }

    /// Repeats the whole tensor so many times along each dimension.
    public Tensor repeat(long... times) {
        return op("repeat").withLongs(times).tensor();
    }

    /// Elements `from` (inclusive) to `to` (exclusive) of one dimension; a view.
    public Tensor slice(int dimension, long from, long to) {
        return op("slice").with(dimension).with(from).with(to).tensor();
    }

    /// The slices of one dimension at these indexes, copied.
    public Tensor indexSelect(int dimension, long... indexes) {
        return op("index_select").with(dimension).withLongs(indexes).tensor();
    }

    public Tensor flip(int dimension) {
        return op("flip").with(dimension).tensor();
    }

    /// Zero (or `value`) padding of the last dimensions: (left, right) of the last, then of the one before, …
    public Tensor pad(double value, long... sides) {
        return op("pad").withLongs(sides).with(value).tensor();
    }

    /// A copy of its own memory, contiguous.
    public Tensor copy() {
        return op("copy").tensor();
    }

    public Tensor to(DType type) {
        return op("to_dtype").with(type.code()).tensor();
    }

    /// Converted to a type and moved to a device; itself where it is both already.
    public Tensor to(DType type, Device device) {
        return op("to_device").with(type.code()).with(device.torchName()).tensor();
    }

    /// A 4-D tensor (batch, channels, height, width) scaled to another height and width.
    public Tensor interpolate(Interpolation mode, long height, long width) {
        return op(mode.function()).with(height).with(width).tensor();
    }

    @Override
    public String toString() {
        return "Tensor" + (shape == null ? "" : Arrays.toString(shape));
    }

    private Call op(String function) {
        return torch().ops().call(function).with(this);
    }
}
