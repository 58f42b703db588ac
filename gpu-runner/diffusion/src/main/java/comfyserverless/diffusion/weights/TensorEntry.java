package comfyserverless.diffusion.weights;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Shapes;
import java.util.List;

/// Where one tensor lies in a file: bytes `begin` (inclusive) to `end` (exclusive) counted from the file's start.
public record TensorEntry(DType dtype, List<Long> shape, long begin, long end) {

    public TensorEntry {
        shape = List.copyOf(shape);
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
}
