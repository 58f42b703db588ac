package comfyserverless.runner.nodes;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import java.util.stream.IntStream;

/// Recorded tensors as values, and how far values are from them.
final class GoldenNumbers {
    private GoldenNumbers() {}

    static Image image(HostTensor t) {
        return new Image(t.data(), size(t, 0), size(t, 1), size(t, 2), size(t, 3));
    }

    static Mask mask(HostTensor t) {
        return new Mask(t.data(), size(t, 0), size(t, 1), size(t, 2));
    }

    static Latent latent(HostTensor t) {
        return new Latent(t.data(), size(t, 0), size(t, 1), size(t, 2), size(t, 3));
    }

    private static int size(HostTensor tensor, int dimension) {
        return Math.toIntExact(tensor.size(dimension));
    }

    /// The numbers of a picture, mask or latent.
    static float[] data(Value value) {
        return switch (value) {
            case Image image -> image.data();
            case Latent latent -> latent.data();
            case Mask mask -> mask.data();
            default -> throw new IllegalArgumentException("no tensor: " + value);
        };
    }

    static float largest(float[] data) {
        float most = 0;
        for (float value : data) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    /// The share of numbers that are off by more than `most`.
    static double shareBeyond(float[] actual, float[] wanted, float most) {
        long beyond =
                IntStream.range(0, wanted.length)
                        .filter(i -> !(Math.abs(actual[i] - wanted[i]) <= most))
                        .count();
        return (double) beyond / wanted.length;
    }
}
