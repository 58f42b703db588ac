package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Leans on the positive prompt's direction, the more the less it looks like the negative one.
public record Mahiro() implements ModelPatch.Result {

    private static final double NEXT_TO_NOTHING = 1e-8;

    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        double scale = step.scale();
        HostTensor leap = Vectors.sum(scale, sides.positive(), 0, sides.positive());
        HostTensor other = Vectors.sum(scale, sides.negative(), 0, sides.negative());
        HostTensor middle = Vectors.sum(0.5, leap, 0.5, guided);
        double similar = 2 * (similarity(rooted(other), rooted(middle)) + 1);
        return Vectors.sum(similar / 4, guided, (4 - similar) / 4, leap);
    }

    private static HostTensor rooted(HostTensor x) {
        return Vectors.both(x, x, (a, b) -> Math.sqrt(Math.abs(a)) * Math.signum(a));
    }

    /// The mean cosine between the channels at each place.
    private static double similarity(HostTensor a, HostTensor b) {
        int plane = Vectors.plane(a);
        int size = Vectors.size(a);
        double sum = 0;
        int places = Vectors.items(a) * plane;
        for (int place = 0; place < places; place++) {
            double ab = 0;
            double aa = 0;
            double bb = 0;
            int first = place / plane * size + place % plane;
            for (int i = first; i < (place / plane + 1) * size; i += plane) {
                ab += (double) a.data()[i] * b.data()[i];
                aa += (double) a.data()[i] * a.data()[i];
                bb += (double) b.data()[i] * b.data()[i];
            }
            sum +=
                    ab
                            / (Math.max(Math.sqrt(aa), NEXT_TO_NOTHING)
                                    * Math.max(Math.sqrt(bb), NEXT_TO_NOTHING));
        }
        return sum / places;
    }
}
