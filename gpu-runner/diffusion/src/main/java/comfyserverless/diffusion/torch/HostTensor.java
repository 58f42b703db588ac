package comfyserverless.diffusion.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    /// Tensors of one shape joined along their first dimension.
    public static HostTensor join(List<HostTensor> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int count = parts.stream().mapToInt(part -> part.data.length).sum();
        float[] joined = new float[count];
        long first = 0;
        int at = 0;
        for (HostTensor part : parts) {
            System.arraycopy(part.data, 0, joined, at, part.data.length);
            at += part.data.length;
            first += part.size(0);
        }
        long[] shape = parts.getFirst().shape();
        shape[0] = first;
        return new HostTensor(joined, shape);
    }

    public static HostTensor zeros(long... shape) {
        return new HostTensor(new float[Math.toIntExact(Shapes.count(shape))], shape);
    }

    /// The parts along the first dimension, each with a first dimension of 1.
    public List<HostTensor> items() {
        if (shape[0] == 1) {
            return List.of(this);
        }
        long[] one = shape();
        one[0] = 1;
        int length = Math.toIntExact(Shapes.count(one));
        List<HostTensor> items = new ArrayList<>();
        for (int i = 0; i < shape[0]; i++) {
            items.add(new HostTensor(Arrays.copyOfRange(data, i * length, (i + 1) * length), one));
        }
        return items;
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
