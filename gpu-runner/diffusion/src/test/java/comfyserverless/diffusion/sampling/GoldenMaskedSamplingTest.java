package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.guidance.GrowingMask;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Behind a mask a latent stays what it was, as in ComfyUI.
class GoldenMaskedSamplingTest {

    private static final double TOLERANCE = 1e-4;
    private static final String FILE = "inpaint/sd15_inpaint";

    /// `setmask.euler.d0.6`, `setmask.soft.euler.d1`: an encoded picture with a mask.
    private static final Pattern SET_MASK =
            Pattern.compile("setmask\\.(soft\\.)?(\\w+)\\.d([\\d.]+)");

    /// `vaeinpaint.SAMPLER`: the same with the masked part grey before it was encoded.
    private static final Pattern GREYED =
            Pattern.compile("vaeinpaint\\.(?!noise_mask|samples)(\\w+)");

    /// An encoded picture with a soft mask whose greys say from when on a place is sampled; six steps.
    private static final String DIFFERENTIAL = "differential.soft.euler";

    @TestFactory
    Stream<DynamicTest> only_what_the_mask_covers_is_sampled() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(GoldenMaskedSamplingTest::isBuilt)
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    private static boolean isBuilt(String key) {
        boolean built =
                SET_MASK.matcher(key).matches()
                        || GREYED.matcher(key).matches()
                        || key.equals(DIFFERENTIAL);
        if (!built && key.contains(".")) {
            System.out.println(FILE + ": not built: " + key);
        }
        return built;
    }

    private static void check(GoldenTensors golden, String key) {
        Matcher set = SET_MASK.matcher(key);
        HostTensor actual;
        if (set.matches()) {
            HostTensor mask = golden.tensor(set.group(1) == null ? "mask" : "soft");
            actual =
                    sample(
                            golden.tensor("img"),
                            mask,
                            set.group(2),
                            Double.parseDouble(set.group(3)));
        } else if (key.equals(DIFFERENTIAL)) {
            actual = differential(golden.tensor("img"), golden.tensor("soft"));
        } else {
            HostTensor grey = greyed(golden.tensor("img"), golden.tensor("mask"));
            String sampler = key.substring(key.indexOf('.') + 1);
            actual = sample(grey, golden.tensor("vaeinpaint.noise_mask"), sampler, 1);
        }
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    private static HostTensor sample(
            HostTensor picture, HostTensor mask, String sampler, double denoise) {
        HostTensor latent = ReducedSd15.checkpoint().vae().orElseThrow().encode(picture);
        return ReducedSd15.sample(
                ReducedSd15.prompting(7),
                new SampleRequest.Latent(latent, mask, List.of()),
                42,
                SampleRequest.Plan.all(sampler, Scheduler.NORMAL, 4, denoise));
    }

    private static HostTensor differential(HostTensor picture, HostTensor mask) {
        HostTensor latent = ReducedSd15.checkpoint().vae().orElseThrow().encode(picture);
        NoiseModel model =
                new PatchedModel(ReducedSd15.checkpoint().model(), List.of(new GrowingMask(1)));
        return Sampling.sample(
                new SampleRequest(
                        model,
                        ReducedSd15.prompting(7),
                        new SampleRequest.Latent(latent, mask, List.of()),
                        42,
                        SampleRequest.Plan.all("euler", Scheduler.NORMAL, 6, 1)),
                StepListener.NONE);
    }

    private static HostTensor greyed(HostTensor picture, HostTensor mask) {
        float[] out = picture.data().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = mask.data()[i / 3] > 0.5f ? 0.5f : out[i];
        }
        return new HostTensor(out, picture.shape());
    }
}
