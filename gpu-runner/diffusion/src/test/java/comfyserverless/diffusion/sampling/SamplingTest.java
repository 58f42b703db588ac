package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sampling against a network that always sees the same picture.
class SamplingTest {

    private static final float SEEN = 0.7f;
    private static final HostTensor EMPTY = HostTensor.zeros(1, 4, 8, 8);

    private final ConstantModel model = new ConstantModel();

    @ParameterizedTest
    @MethodSource("samplers")
    void every_sampler_ends_at_what_the_network_sees(String sampler) {
        HostTensor end =
                sample(
                        SampleRequest.Plan.all(sampler, Scheduler.KARRAS, 12, 1),
                        1,
                        StepListener.NONE);
        float[] distances = new float[end.data().length];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = Math.abs((float) (end.data()[i] * 0.18215) - SEEN);
        }
        // dpm_fast and dpm_adaptive stop at the lowest sigma, 0.03, not at 0
        assertThat(distances).isNotEmpty();
        assertThat(
                        IntStream.range(0, distances.length)
                                .mapToDouble(i -> distances[i])
                                .max()
                                .orElse(1))
                .isLessThan(0.15);
    }

    static List<String> samplers() {
        return Samplers.names();
    }

    @Test
    void the_listener_hears_of_every_step() {
        List<String> heard = new ArrayList<>();
        sample(
                euler(5),
                7,
                (step, total, denoised) ->
                        heard.add(step + "/" + total + " " + denoised.data()[0]));
        assertThat(heard).containsExactly("1/5 0.7", "2/5 0.7", "3/5 0.7", "4/5 0.7", "5/5 0.7");
    }

    @Test
    void a_cancelled_run_stops_before_the_next_evaluation() {
        StepListener cancelling =
                new StepListener() {
                    private int steps;

                    @Override
                    public void step(int step, int total, HostTensor denoised) {
                        steps = step;
                    }

                    @Override
                    public boolean isCancelled() {
                        return steps == 3;
                    }
                };
        assertThatThrownBy(() -> sample(euler(20), 7, cancelling)).isInstanceOf(Interrupted.class);
        assertThat(model.batches).hasSize(3);
    }

    @Test
    void both_prompts_run_as_one_batch_with_the_negative_first() {
        sample(euler(1), 7, StepListener.NONE);
        assertThat(model.batches).containsExactly("[-1.0, 1.0]");
    }

    @Test
    void the_negative_prompt_does_not_run_without_guidance() {
        sample(euler(1), 1, StepListener.NONE);
        assertThat(model.batches).containsExactly("[1.0]");
    }

    @Test
    void the_same_context_object_comes_at_each_step() {
        sample(euler(6), 7, StepListener.NONE);
        assertThat(model.contexts).hasSize(1);
    }

    @Test
    void nothing_to_denoise_gives_the_latent_back() {
        SampleRequest.Plan nothing = SampleRequest.Plan.all("euler", Scheduler.NORMAL, 4, 0);
        assertThat(sample(nothing, 7, StepListener.NONE)).isSameAs(EMPTY);
        assertThat(model.batches).isEmpty();
    }

    @Test
    void a_window_behind_the_last_step_gives_the_latent_back() {
        SampleRequest.Plan late =
                new SampleRequest.Plan(
                        "euler",
                        Scheduler.NORMAL,
                        4,
                        1,
                        new SampleRequest.Window(9, 10_000, false),
                        true);
        assertThat(sample(late, 7, StepListener.NONE)).isSameAs(EMPTY);
    }

    @Test
    void behind_the_mask_the_latent_stays_what_it_was() {
        float[] given = new float[4 * 64];
        Arrays.fill(given, 2f);
        float[] mask = new float[64];
        Arrays.fill(mask, 0, 32, 1f);
        HostTensor end =
                Sampling.sample(
                        new SampleRequest(
                                model,
                                prompting(7),
                                new SampleRequest.Latent(
                                        new HostTensor(given, 1, 4, 8, 8),
                                        new HostTensor(mask, 1, 8, 8),
                                        List.of()),
                                42,
                                euler(4)),
                        StepListener.NONE);
        assertThat(end.data()[0]).isCloseTo(SEEN / 0.18215f, offset(1e-4f));
        assertThat(end.data()[63]).isCloseTo(2f, offset(1e-4f));
    }

    @Test
    void an_unknown_sampler_is_refused_with_the_known_ones() {
        assertThatThrownBy(() ->
                        sample(
                                SampleRequest.Plan.all("eulr", Scheduler.NORMAL, 4, 1),
                                7,
                                StepListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no sampler 'eulr'")
                .hasMessageContaining("dpmpp_2m_sde_gpu");
    }

    @Test
    void an_unknown_scheduler_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> Scheduler.named("karas"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scheduler 'karas'")
                .hasMessageContaining("kl_optimal");
    }

    private HostTensor sample(SampleRequest.Plan plan, double cfg, StepListener listener) {
        return Sampling.sample(
                new SampleRequest(model, prompting(cfg), SampleRequest.Latent.of(EMPTY), 42, plan),
                listener);
    }

    private static SampleRequest.Plan euler(int steps) {
        return SampleRequest.Plan.all("euler", Scheduler.NORMAL, steps, 1);
    }

    private static SampleRequest.Prompting prompting(double cfg) {
        return new SampleRequest.Prompting(List.of(prompt(1)), List.of(prompt(-1)), cfg);
    }

    private static Conditioning prompt(float mark) {
        return Conditioning.of(new HostTensor(new float[] {mark}, 1, 1, 1), null);
    }

    /// Sees [#SEEN] everywhere, and notes the contexts of each batch.
    private static final class ConstantModel implements NoiseModel {

        private final List<String> batches = new ArrayList<>();
        private final Set<Context> contexts = Collections.newSetFromMap(new IdentityHashMap<>());

        @Override
        public ModelSampling sampling() {
            return DiscreteSampling.stableDiffusion(Prediction.X0);
        }

        @Override
        public LatentFormat latentFormat() {
            return LatentFormat.SD15;
        }

        @Override
        public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
            batches.add(Arrays.toString(context.crossAttention().data()));
            contexts.add(context);
            HostTensor seen = HostTensor.zeros(x.shape());
            Arrays.fill(seen.data(), SEEN);
            return seen;
        }
    }
}
