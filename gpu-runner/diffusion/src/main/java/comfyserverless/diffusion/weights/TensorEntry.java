package comfyserverless.diffusion.weights;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Shapes;
import java.util.ArrayList;
import java.util.List;

/// Where one tensor lies in a file: bytes `begin` (inclusive) to `end` (exclusive) counted from the file's start.
///
/// @param strides how many numbers lie between neighbours in each dimension
public record TensorEntry(DType dtype, List<Long> shape, List<Long> strides, long begin, long end) {

    public TensorEntry {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
    }

    /// A tensor whose numbers lie in the order of its dimensions.
    public TensorEntry(DType dtype, List<Long> shape, long begin, long end) {
        this(dtype, shape, rowMajor(shape), begin, end);
    }

    private static List<Long> rowMajor(List<Long> shape) {
        List<Long> strides = new ArrayList<>();
        long step = 1;
        for (long size : shape.reversed()) {
            strides.addFirst(step);
            step *= Math.max(1, size);
        }
        return strides;
    }

    public int rank() {
        return shape.size();
    }

    public long size(int dimension) {
        return shape.get(dimension);
    }

    public long count() {
        return Shapes.count(sizes());
    }

    public long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    long[] steps() {
        return strides.stream().mapToLong(Long::longValue).toArray();
    }
}
