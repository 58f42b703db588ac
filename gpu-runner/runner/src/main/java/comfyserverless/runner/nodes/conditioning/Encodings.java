package comfyserverless.runner.nodes.conditioning;

import comfyserverless.diffusion.torch.HostTensor;

/// Sums and joins of encoded prompts (batch, tokens, width).
final class Encodings {
    private Encodings() {}

    /// `share * a + (1 - share) * b`; where `b` has fewer tokens it counts as zeros.
    static HostTensor mixed(HostTensor a, HostTensor b, double share) {
        float[] out = new float[a.data().length];
        float first = (float) share;
        float second = (float) (1.0 - share);
        for (int i = 0; i < out.length; i++) {
            float other = i < b.data().length ? b.data()[i] : 0f;
            out[i] = a.data()[i] * first + other * second;
        }
        return new HostTensor(out, a.shape());
    }

    /// The tokens of `b` behind those of `a`, for each item of the batch.
    static HostTensor joined(HostTensor a, HostTensor b) {
        int batch = (int) a.size(0);
        int lengthA = a.data().length / batch;
        int lengthB = b.data().length / (int) b.size(0);
        float[] out = new float[batch * (lengthA + lengthB)];
        for (int i = 0; i < batch; i++) {
            int to = i * (lengthA + lengthB);
            System.arraycopy(a.data(), i * lengthA, out, to, lengthA);
            int from = Math.min(i, (int) b.size(0) - 1) * lengthB;
            System.arraycopy(b.data(), from, out, to + lengthA, lengthB);
        }
        return new HostTensor(out, batch, a.size(1) + b.size(1), a.size(2));
    }

    static HostTensor zeros(HostTensor like) {
        return HostTensor.zeros(like.shape());
    }
}
