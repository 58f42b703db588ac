package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;
import java.util.List;

/// The initial noise of a job (`prepare_noise`, ComfyUI 0.3.64).
public final class Noise {

    private Noise() {}

    /// Noise of a whole batch, drawn at once.
    public static HostTensor of(long seed, long... shape) {
        return new NormalGenerator(seed).next(shape);
    }

    /// Noise of a batch whose items stand at the given places of a larger one: item i is what a batch drawn item by
    /// item has at `batchIndex[i]`. With no index, [#of(long, long...)].
    public static HostTensor of(long seed, List<Integer> batchIndex, long... shape) {
        if (batchIndex.isEmpty()) {
            return of(seed, shape);
        }
        if (batchIndex.size() != shape[0]) {
            throw new IllegalArgumentException(
                    "batch_index has " + batchIndex.size() + " places for a batch of " + shape[0]);
        }
        long[] item = shape.clone();
        item[0] = 1;
        NormalGenerator generator = new NormalGenerator(seed);
        HostTensor[] drawn =
                new HostTensor[batchIndex.stream().mapToInt(i -> i).max().orElse(0) + 1];
        Arrays.setAll(drawn, i -> generator.next(item));
        int length = drawn[0].data().length;
        float[] out = new float[Math.toIntExact(length * shape[0])];
        for (int i = 0; i < batchIndex.size(); i++) {
            System.arraycopy(drawn[batchIndex.get(i)].data(), 0, out, i * length, length);
        }
        return new HostTensor(out, shape);
    }
}
