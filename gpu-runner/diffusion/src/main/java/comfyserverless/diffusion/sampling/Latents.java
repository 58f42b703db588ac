package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;

/// Arithmetic on latents (batch x channels x height x width) in the Java heap; every result is a new tensor.
final class Latents {

    private Latents() {}

    /// a·x
    static HostTensor times(double a, HostTensor x) {
        float fa = (float) a;
        float[] dx = x.data();
        float[] out = new float[dx.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = fa * dx[i];
        }
        return new HostTensor(out, x.shape());
    }

    /// x + b·y
    static HostTensor plus(HostTensor x, double b, HostTensor y) {
        return sum(1, x, b, y);
    }

    /// a·x + b·y
    static HostTensor sum(double a, HostTensor x, double b, HostTensor y) {
        requireSameShape(x, y);
        float fa = (float) a;
        float fb = (float) b;
        float[] dx = x.data();
        float[] dy = y.data();
        float[] out = new float[dx.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = fa * dx[i] + fb * dy[i];
        }
        return new HostTensor(out, x.shape());
    }

    /// a·x + b·y + c·z
    static HostTensor sum(double a, HostTensor x, double b, HostTensor y, double c, HostTensor z) {
        return plus(sum(a, x, b, y), c, z);
    }

    /// (x − y) / divisor, as a difference first: what is small stays exact.
    static HostTensor difference(HostTensor x, HostTensor y, double divisor) {
        requireSameShape(x, y);
        float fd = (float) divisor;
        float[] dx = x.data();
        float[] dy = y.data();
        float[] out = new float[dx.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (dx[i] - dy[i]) / fd;
        }
        return new HostTensor(out, x.shape());
    }

    /// weight·x + (1 − weight)·y, element by element.
    static HostTensor blend(HostTensor weight, HostTensor x, HostTensor y) {
        requireSameShape(weight, x);
        requireSameShape(x, y);
        float[] dw = weight.data();
        float[] dx = x.data();
        float[] dy = y.data();
        float[] out = new float[dx.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = dx[i] * dw[i] + dy[i] * (1f - dw[i]);
        }
        return new HostTensor(out, x.shape());
    }

    /// The same with 0 in the place of what is no finite number.
    static HostTensor finite(HostTensor x) {
        float[] out = x.data().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = Float.isFinite(out[i]) ? out[i] : 0;
        }
        return new HostTensor(out, x.shape());
    }

    static boolean isZero(HostTensor x) {
        for (float value : x.data()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static void requireSameShape(HostTensor x, HostTensor y) {
        if (!Arrays.equals(x.shape(), y.shape())) {
            throw new IllegalArgumentException("shapes differ: " + x + " and " + y);
        }
    }
}
