package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Self-attention guidance (arXiv 2210.00939): leads away from what the network sees with the negative prompts when the
/// places that it looks at most are blurred; one evaluation more at each step.
///
/// @param scale how far
/// @param blur standard deviation of the blur, in places of the latent
public record SelfAttention(double scale, double blur) implements ModelPatch.Result {

    private static final int TOO_SMALL = 4;
    private static final int KERNEL = 9;

    @Override
    public boolean needsNegative() {
        return true;
    }

    @Override
    public ModelPatch begun() {
        return new Run(this);
    }

    /// Nothing has been looked at outside of a run.
    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        return guided;
    }

    private HostTensor led(
            HostTensor guided, SidesPatch.Sides sides, GuidanceStep step, HostTensor scores) {
        if (Math.min(guided.size(2), guided.size(3)) <= TOO_SMALL) {
            return guided;
        }
        HostTensor negative = sides.negative();
        HostTensor blurred = blurredWhereSeen(negative, scores);
        HostTensor noisy = Vectors.sum(1, Vectors.sum(1, blurred, 1, step.x()), -1, negative);
        HostTensor way = Vectors.sum(1, blurred, -1, step.seeNegative(noisy));
        return Vectors.sum(1, guided, scale, way);
    }

    private HostTensor blurredWhereSeen(HostTensor latent, HostTensor scores) {
        int height = (int) latent.size(2);
        int width = (int) latent.size(3);
        int places = (int) scores.size(1);
        int rows = rows(places, height, width);
        int columns = places / rows;
        float[] out = latent.data().clone();
        float[] kernel = kernel();
        int plane = height * width;
        int channels = (int) latent.size(1);
        for (int i = 0; i < out.length; i++) {
            int y = i % plane / width;
            int x = i % width;
            int item = i / plane / channels;
            int place = y * rows / height * columns + x * columns / width;
            if (scores.data()[item * places + place] > 1) {
                out[i] = blurred(latent.data(), i - i % plane, y, x, height, width, kernel);
            }
        }
        return new HostTensor(out, latent.shape());
    }

    /// Into how many rows the places fall, by the latent's proportion.
    private static int rows(int places, int height, int width) {
        int near = (int) Math.rint(Math.sqrt((double) height / width * places));
        for (int i = 0; i < (int) (Math.sqrt(places) / 2); i++) {
            if (places % (near + i) == 0) {
                return near + i;
            }
            if (places % Math.max(1, near - i) == 0) {
                return Math.max(1, near - i);
            }
        }
        throw new IllegalArgumentException(
                "%d places of a latent of %d × %d cannot be put in rows"
                        .formatted(places, width, height));
    }

    private float[] kernel() {
        float[] kernel = new float[KERNEL];
        double sum = 0;
        for (int i = 0; i < KERNEL; i++) {
            double at = (i - KERNEL / 2) / blur;
            kernel[i] = (float) Math.exp(-0.5 * at * at);
            sum += kernel[i];
        }
        for (int i = 0; i < KERNEL; i++) {
            kernel[i] /= (float) sum;
        }
        return kernel;
    }

    @SuppressWarnings("ParameterNumber")
    private static float blurred(
            float[] data, int plane, int y, int x, int height, int width, float[] kernel) {
        double sum = 0;
        for (int i = 0; i < KERNEL; i++) {
            int row = mirrored(y + i - KERNEL / 2, height);
            for (int j = 0; j < KERNEL; j++) {
                int column = mirrored(x + j - KERNEL / 2, width);
                sum += (double) kernel[i] * kernel[j] * data[plane + row * width + column];
            }
        }
        return (float) sum;
    }

    private static int mirrored(int at, int length) {
        int positive = Math.abs(at);
        return positive < length ? positive : 2 * (length - 1) - positive;
    }

    /// What one run has looked at last.
    private static final class Run implements Result, MiddleWatcher {
        private final SelfAttention how;
        private @Nullable HostTensor scores;

        Run(SelfAttention how) {
            this.how = how;
        }

        @Override
        public ModelPatch begun() {
            return how.begun();
        }

        @Override
        public boolean needsNegative() {
            return true;
        }

        @Override
        public void saw(HostTensor seen) {
            scores = seen;
        }

        @Override
        public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
            HostTensor seen = scores;
            return seen == null || !step.hasNegative()
                    ? guided
                    : how.led(guided, sides, step, seen);
        }
    }
}
