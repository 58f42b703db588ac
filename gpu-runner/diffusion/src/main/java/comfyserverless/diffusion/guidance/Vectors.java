package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.function.DoubleBinaryOperator;

/// Arithmetic on latents (batch, channels, height, width) as one vector an item, sums in double precision.
final class Vectors {

    private Vectors() {}

    /// A number for each item of a batch.
    @FunctionalInterface
    interface PerItem {
        double of(int item);
    }

    /// Combines each pair of numbers.
    static HostTensor both(HostTensor a, HostTensor b, DoubleBinaryOperator with) {
        float[] out = new float[a.data().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) with.applyAsDouble(a.data()[i], b.data()[i]);
        }
        return new HostTensor(out, a.shape());
    }

    /// a·x + b·y
    static HostTensor sum(double a, HostTensor x, double b, HostTensor y) {
        return both(x, y, (p, q) -> a * p + b * q);
    }

    /// a·x + b·y with factors for each item.
    static HostTensor sum(PerItem a, HostTensor x, PerItem b, HostTensor y) {
        int size = size(x);
        float[] out = new float[x.data().length];
        for (int item = 0; item < items(x); item++) {
            double fa = a.of(item);
            double fb = b.of(item);
            for (int i = item * size; i < (item + 1) * size; i++) {
                out[i] = (float) (fa * x.data()[i] + fb * y.data()[i]);
            }
        }
        return new HostTensor(out, x.shape());
    }

    static double dot(HostTensor x, HostTensor y, int item) {
        int size = size(x);
        double sum = 0;
        for (int i = item * size; i < (item + 1) * size; i++) {
            sum += (double) x.data()[i] * y.data()[i];
        }
        return sum;
    }

    static double length(HostTensor x, int item) {
        return Math.sqrt(dot(x, x, item));
    }

    /// The unbiased standard deviation of an item's numbers.
    static double deviation(HostTensor x, int item) {
        int size = size(x);
        double sum = 0;
        for (int i = item * size; i < (item + 1) * size; i++) {
            sum += x.data()[i];
        }
        double mean = sum / size;
        double squares = 0;
        for (int i = item * size; i < (item + 1) * size; i++) {
            squares += (x.data()[i] - mean) * (x.data()[i] - mean);
        }
        return Math.sqrt(squares / (size - 1));
    }

    static int items(HostTensor x) {
        return (int) x.size(0);
    }

    static int size(HostTensor x) {
        return x.data().length / items(x);
    }

    /// Numbers of one channel.
    static int plane(HostTensor x) {
        return (int) (x.size(2) * x.size(3));
    }
}
