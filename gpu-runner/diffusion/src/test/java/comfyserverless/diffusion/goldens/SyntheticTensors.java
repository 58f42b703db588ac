package comfyserverless.diffusion.goldens;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Shapes;
import java.nio.charset.StandardCharsets;

/// Deterministic tensors from a name: goldens/weights/weights-spec.md (FNV-1a of the name seeds a SplitMix64).
public final class SyntheticTensors {

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private SyntheticTensors() {}

    static long seed(String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
        }
        return hash;
    }

    /// Output number `index` (from 0) of a SplitMix64.
    static long bits(long seed, long index) {
        long z = seed + (index + 1) * GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Numbers `from` to `from + out.length` of a tensor.
    static void fill(float[] out, long seed, long from, float a, float c) {
        for (int i = 0; i < out.length; i++) {
            int k = (int) (bits(seed, from + i) >>> 40);
            float value = (k - (1 << 23)) * 0x1p-23f * a;
            out[i] = c == 0 ? value : value + c;
        }
    }

    /// A whole tensor: the numbers of `name`, half range `a`, offset `c`.
    public static HostTensor tensor(String name, float a, float c, long... shape) {
        float[] data = new float[Math.toIntExact(Shapes.count(shape))];
        fill(data, seed(name), 0, a, c);
        return new HostTensor(data, shape);
    }
}
