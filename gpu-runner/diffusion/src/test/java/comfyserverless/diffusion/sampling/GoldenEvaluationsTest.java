package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The network is asked at the recorded sigmas, for the recorded batches: tested with one that sees nothing, since
/// only dpm_adaptive's way depends on what it sees.
class GoldenEvaluationsTest {

    /// Twice what schedules are held to: levels between two steps come from logarithms that PyTorch rounds to single
    /// precision.
    private static final double TOLERANCE = 4e-6;

    private static final String SAMPLERS = "samplers/sd15_all_normal_4steps_seed42.log";
    private static final String PROMPTS = "conditioning/sd15_conditioning.evals";
    private static final String ADAPTIVE = "dpm_adaptive";

    @TestFactory
    Stream<DynamicTest> samplers_evaluate_at_the_recorded_sigmas() {
        return Goldens.json(SAMPLERS).stream()
                .flatMap(root -> root.path("runs").properties().stream())
                .filter(run -> Goldens.includes(SAMPLERS, run.getKey()))
                .filter(run -> !run.getKey().startsWith(ADAPTIVE))
                .map(run -> DynamicTest.dynamicTest(run.getKey(), () -> checkSampler(run)));
    }

    @TestFactory
    Stream<DynamicTest> prompts_run_in_the_recorded_batches() {
        return Goldens.json(PROMPTS).stream()
                .flatMap(root -> root.properties().stream())
                .filter(run -> Goldens.includes(PROMPTS, run.getKey()))
                .map(run -> DynamicTest.dynamicTest(run.getKey(), () -> checkPrompts(run)));
    }

    /// `SAMPLER.cfg7`
    private static void checkSampler(Map.Entry<String, JsonNode> run) {
        String[] parts = run.getKey().split("\\.cfg", -1);
        BlindModel model = new BlindModel();
        Sampling.sample(
                new SampleRequest(
                        model,
                        ReducedSd15.prompting(Double.parseDouble(parts[1])),
                        SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                        42,
                        SampleRequest.Plan.all(parts[0], Scheduler.NORMAL, 4, 1)),
                StepListener.NONE);
        check(model, run.getValue().path("evals"));
    }

    private static void checkPrompts(Map.Entry<String, JsonNode> run) {
        BlindModel model = new BlindModel();
        Sampling.sample(
                GoldenConditioningTest.request(
                        model, run.getKey(), GoldenConditioningTest.size(run.getKey())),
                StepListener.NONE);
        check(model, run.getValue());
    }

    /// Recorded is `[sigma, [1, 0]]` for each evaluation: 1 a negative prompt, 0 a positive one.
    private static void check(BlindModel model, JsonNode recorded) {
        List<List<Integer>> batches = new ArrayList<>();
        for (JsonNode evaluation : recorded) {
            List<Integer> batch = new ArrayList<>();
            evaluation.get(1).forEach(item -> batch.add(item.intValue()));
            batches.add(batch);
        }
        assertThat(model.batches).isEqualTo(batches);
        for (int i = 0; i < recorded.size(); i++) {
            double sigma = recorded.get(i).get(0).doubleValue();
            assertThat(Math.abs(model.sigmas.get(i) - sigma) / sigma)
                    .as("evaluation %d at %s, recorded at %s", i, model.sigmas.get(i), sigma)
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    /// Sees nothing, and notes at which sigma it was asked with which prompts.
    private static final class BlindModel implements NoiseModel {

        private final List<List<Integer>> batches = new ArrayList<>();
        private final List<Float> sigmas = new ArrayList<>();
        private final NotingSampling sampling = new NotingSampling();

        @Override
        public ModelSampling sampling() {
            return sampling;
        }

        @Override
        public LatentFormat latentFormat() {
            return LatentFormat.SD15;
        }

        @Override
        public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
            HostTensor text = context.crossAttention();
            float negative = ReducedSd15.prompt("neg", 77).context().data()[0];
            List<Integer> batch = new ArrayList<>();
            for (HostTensor item : Contexts.split(text, (int) text.size(0))) {
                batch.add(item.data()[0] == negative || Latents.isZero(item) ? 1 : 0);
            }
            batches.add(batch);
            sigmas.add(sampling.last);
            return HostTensor.zeros(x.shape());
        }
    }

    /// Stable Diffusion's levels; remembers the sigma of the last question.
    private static final class NotingSampling implements ModelSampling {

        private final ModelSampling levels = DiscreteSampling.stableDiffusion(Prediction.EPSILON);
        private float last;

        @Override
        public Prediction prediction() {
            return levels.prediction();
        }

        @Override
        public float[] table() {
            return levels.table();
        }

        @Override
        public float timestep(float sigma) {
            last = sigma;
            return levels.timestep(sigma);
        }

        @Override
        public float sigma(float timestep) {
            return levels.sigma(timestep);
        }

        @Override
        public double percentToSigma(double percent) {
            return levels.percentToSigma(percent);
        }
    }
}
