package comfyserverless.diffusion.torch;

import java.util.Arrays;

/// Arithmetic on shapes.
public final class Shapes {

    private Shapes() {}

    /// Number of elements; refuses negative sizes and a product beyond a long.
    public static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "negative size in shape " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
