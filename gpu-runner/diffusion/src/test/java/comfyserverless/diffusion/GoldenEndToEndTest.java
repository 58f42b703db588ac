package comfyserverless.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.clip.ClipEncoding;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Noise;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// ComfyUI's default workflow through the library, on the reduced checkpoint: every recorded intermediate, to the pixels.
class GoldenEndToEndTest {

    private static final String FILE = "e2e/default_20steps_intermediates";
    private static final long SEED = 156680208700286L;
    private static final String POSITIVE =
            "beautiful scenery nature glass bottle landscape, , purple galaxy bottle,";
    private static final String NEGATIVE = "text, watermark";

    private record Run(
            ClipEncoding positive, ClipEncoding negative, HostTensor latent, HostTensor image) {}

    @TestFactory
    Stream<DynamicTest> the_default_workflow_gives_what_was_recorded() {
        return Goldens.tensors(FILE).stream()
                .filter(golden -> !golden.keys().isEmpty())
                .flatMap(golden -> {
                    Run run = run();
                    return golden.keys().stream()
                            .map(key ->
                                    DynamicTest.dynamicTest(key, () -> check(golden, key, run)));
                });
    }

    private static void check(GoldenTensors golden, String key, Run run) {
        HostTensor recorded = golden.tensor(key);
        switch (key) {
            case "cond_pos" -> Agreement.assertAgrees(key, run.positive().hidden(), recorded, 1e-5);
            case "cond_neg" -> Agreement.assertAgrees(key, run.negative().hidden(), recorded, 1e-5);
            case "noise" ->
                    assertThat(Noise.of(SEED, List.of(), recorded.shape())).isEqualTo(recorded);
            case "latent" -> Agreement.assertAgrees(key, run.latent(), recorded, 1e-4);
            case "image_uint8" -> assertPixels(run.image(), recorded);
            default -> throw new AssertionError("what is " + key + "?");
        }
    }

    private static Run run() {
        Checkpoints checkpoints =
                new Checkpoints(
                        TestTorch.cpu(), new MemoryBudget(Path.of("/")), ClipPrecision.FP16);
        try (Checkpoint checkpoint =
                checkpoints.load(SyntheticModels.file("sd15"), ProgressListener.SILENT)) {
            ClipEncoding positive = encode(checkpoint, POSITIVE);
            ClipEncoding negative = encode(checkpoint, NEGATIVE);
            HostTensor latent =
                    Sampling.sample(
                            new SampleRequest(
                                    checkpoint.model(),
                                    new SampleRequest.Prompting(
                                            List.of(Conditioning.of(positive.hidden(), null)),
                                            List.of(Conditioning.of(negative.hidden(), null)),
                                            8),
                                    SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                                    SEED,
                                    SampleRequest.Plan.all("euler", Scheduler.NORMAL, 20, 1)),
                            StepListener.NONE);
            return new Run(positive, negative, latent, checkpoint.vae().decode(latent));
        }
    }

    private static ClipEncoding encode(Checkpoint checkpoint, String prompt) {
        return checkpoint.clip().encode(prompt, PromptEncoder.LAST_LAYER, Embeddings.NONE);
    }

    /// At most one level off, in at most 0.4 % of the values.
    private static void assertPixels(HostTensor image, HostTensor recorded) {
        int off = 0;
        for (int i = 0; i < recorded.data().length; i++) {
            int level = (int) Math.clamp(255f * image.data()[i], 0, 255);
            int distance = Math.abs(level - (int) recorded.data()[i]);
            assertThat(distance).as("distance of value %d", i).isLessThanOrEqualTo(1);
            off += distance;
        }
        assertThat(off / (double) recorded.data().length)
                .as("share off")
                .isLessThanOrEqualTo(0.004);
    }
}
