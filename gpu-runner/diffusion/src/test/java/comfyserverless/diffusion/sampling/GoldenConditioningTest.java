package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Several prompts, each in its part of the picture and of the way, mix as in ComfyUI.
class GoldenConditioningTest {

    private static final double TOLERANCE = 1e-4;
    private static final String FILE = "conditioning/sd15_conditioning";
    private static final Set<String> INPUTS = Set.of("mask_rect", "mask_grad");
    private static final Conditioning POS = ReducedSd15.prompt("pos", 77);
    private static final Conditioning NEG = ReducedSd15.prompt("neg", 77);
    private static final Conditioning ALT = ReducedSd15.prompt("alt", 77);

    @TestFactory
    Stream<DynamicTest> prompts_mix_as_recorded() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> !INPUTS.contains(key))
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    private static void check(GoldenTensors golden, String key) {
        HostTensor recorded = golden.tensor(key);
        SampleRequest request = request(ReducedSd15.checkpoint().model(), key, recorded.size(2));
        Agreement.assertAgrees(
                key, Sampling.sample(request, StepListener.NONE), recorded, TOLERANCE);
    }

    /// What was run for a key, on an empty latent of the given width and height.
    static SampleRequest request(NoiseModel model, String key, long size) {
        List<Conditioning> negative = List.of(key.equals("zero_out_neg") ? zeroed(NEG) : NEG);
        return new SampleRequest(
                model,
                new SampleRequest.Prompting(positive(key), negative, 7),
                SampleRequest.Latent.of(HostTensor.zeros(1, 4, size, size)),
                42,
                SampleRequest.Plan.all(
                        "euler", Scheduler.NORMAL, key.startsWith("timestep") ? 6 : 4, 1));
    }

    /// Width and height of a key's latent.
    static long size(String key) {
        boolean big = key.startsWith("area") && !key.equals("area_strength_node");
        return big || key.startsWith("mask_bounds") ? 16 : 8;
    }

    private static List<Conditioning> positive(String key) {
        if (key.startsWith("area")) {
            return areas(key);
        }
        if (key.startsWith("mask")) {
            return masks(key);
        }
        if (key.startsWith("timestep_range")) {
            return List.of(POS.between(0, 0.5), ALT.between(0.5, 1));
        }
        return switch (key) {
            case "alt" -> List.of(ALT);
            case "combine" -> List.of(POS, ALT);
            case "average_0.3" ->
                    List.of(
                            Conditioning.of(
                                    Latents.sum(0.3, POS.context(), 0.7, ALT.context()), null));
            case "concat" -> List.of(Conditioning.of(joined(POS.context(), ALT.context()), null));
            default -> List.of(POS); // base, zero_out_neg
        };
    }

    private static List<Conditioning> areas(String key) {
        if (key.startsWith("area_16x16")) {
            return List.of(ALT.in(cells(8, 8, 0, 8)), POS);
        }
        if (key.startsWith("area_s0.5")) {
            return List.of(ALT.in(cells(8, 16, 8, 0)).withStrength(0.5), POS);
        }
        if (key.startsWith("area_overflow")) {
            return List.of(ALT.in(cells(16, 16, 8, 8)), POS);
        }
        if (key.startsWith("area_only")) {
            return List.of(ALT.in(cells(8, 8, 8, 8)));
        }
        if (key.startsWith("area_pct")) {
            return List.of(
                    ALT.in(Region.rectangle(new Region.Area.Shares(0.5, 0.5, 0.25, 0.25))), POS);
        }
        return List.of(POS.withStrength(0.3), ALT.withStrength(0.3)); // area_strength_node
    }

    private static List<Conditioning> masks(String key) {
        GoldenTensors golden = Goldens.tensors(FILE).orElseThrow();
        HostTensor gradient = golden.tensor("mask_grad");
        HostTensor rectangle = golden.tensor("mask_rect");
        if (key.startsWith("mask_grad")) {
            float[] ones = new float[gradient.data().length];
            Arrays.fill(ones, 1f);
            HostTensor rest =
                    Latents.difference(new HostTensor(ones, gradient.shape()), gradient, 1);
            return List.of(
                    ALT.in(Region.masked(gradient, 0.7, false)),
                    POS.in(Region.masked(rest, 1, false)));
        }
        return List.of(ALT.in(Region.masked(rectangle, 1, key.startsWith("mask_bounds"))), POS);
    }

    private static Region cells(int height, int width, int y, int x) {
        return Region.rectangle(new Region.Area.Cells(height, width, y, x));
    }

    private static Conditioning zeroed(Conditioning prompt) {
        return Conditioning.of(HostTensor.zeros(prompt.context().shape()), null);
    }

    private static HostTensor joined(HostTensor first, HostTensor second) {
        float[] out = new float[first.data().length + second.data().length];
        System.arraycopy(first.data(), 0, out, 0, first.data().length);
        System.arraycopy(second.data(), 0, out, first.data().length, second.data().length);
        return new HostTensor(out, 1, first.size(1) + second.size(1), first.size(2));
    }
}
