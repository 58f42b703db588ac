package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Guidance away from what in the negative prompts stands at a right angle to the positive ones (arXiv 2304.04968).
public final class PerpNeg {

    private PerpNeg() {}

    /// The guided result.
    ///
    /// @param empty what is seen with prompts that say nothing
    public static HostTensor guided(
            SidesPatch.Sides sides, HostTensor empty, double negativeScale, double scale) {
        HostTensor positive = Latents.difference(sides.positive(), empty, 1);
        HostTensor negative = Latents.difference(sides.negative(), empty, 1);
        double share = dot(negative, positive) / dot(positive, positive);
        HostTensor apart = Latents.plus(negative, -share, positive);
        HostTensor way = Latents.plus(positive, -negativeScale, apart);
        return Latents.plus(empty, scale, way);
    }

    private static double dot(HostTensor a, HostTensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }
}
