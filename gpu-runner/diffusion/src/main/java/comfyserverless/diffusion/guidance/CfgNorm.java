package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Keeps the channels at each place from growing longer by guidance.
///
/// @param strength factor of the result
public record CfgNorm(double strength) implements ModelPatch.Result {

    private static final double NEXT_TO_NOTHING = 1e-8;

    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        int plane = Vectors.plane(guided);
        int size = Vectors.size(guided);
        float[] out = new float[guided.data().length];
        for (int place = 0; place < Vectors.items(guided) * plane; place++) {
            int first = place / plane * size + place % plane;
            int end = (place / plane + 1) * size;
            double before = length(sides.positive(), first, end, plane);
            double now = length(guided, first, end, plane) + NEXT_TO_NOTHING;
            double factor = Math.clamp(before / now, 0, 1) * strength;
            for (int i = first; i < end; i += plane) {
                out[i] = (float) (guided.data()[i] * factor);
            }
        }
        return new HostTensor(out, guided.shape());
    }

    private static double length(HostTensor x, int first, int end, int step) {
        double sum = 0;
        for (int i = first; i < end; i += step) {
            sum += (double) x.data()[i] * x.data()[i];
        }
        return Math.sqrt(sum);
    }
}
