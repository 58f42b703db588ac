package comfyserverless.diffusion.torch;

import java.util.Arrays;

/// Numbers with a shape in the Java heap, row-major: what crosses the border between tensors and everybody else.
///
/// The array is not copied; who hands it over no longer writes to it. Equal when shape and every number are.
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
public record HostTensor(float[] data, long... shape) {

    public HostTensor {
        shape = shape.clone();
        if (Shapes.count(shape) != data.length) {
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " does not hold "
                            + data.length
                            + " numbers");
        }
    }

    public static HostTensor zeros(long... shape) {
        return new HostTensor(new float[Math.toIntExact(Shapes.count(shape))], shape);
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    public long size(int dimension) {
        return shape[dimension];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostTensor that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "HostTensor" + Arrays.toString(shape);
    }
}
