package comfyserverless.diffusion;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.DiscreteSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.unet.UNetFamily;
import comfyserverless.diffusion.weights.MarkerFile;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Whole samplers with the reduced models of Stable Diffusion 2 and XL end where ComfyUI's do, whatever they predict.
class GoldenFamiliesTest {

    private static final double TOLERANCE = 1e-4;
    private static final Torch TORCH = TestTorch.cpu();
    private static final HostTensor ZEROS = HostTensor.zeros(1, 4, 8, 8);
    private static final Map<String, DiffusionModel> MARKED = new HashMap<>();

    @TempDir static Path folder;

    @FunctionalInterface
    private interface Run {
        HostTensor run(String key) throws IOException;
    }

    private static Stream<DynamicTest> tests(String file, Run run) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> check(golden, key, run))));
    }

    private static void check(GoldenTensors golden, String key, Run run) throws IOException {
        Agreement.assertAgrees(key, run.run(key), golden.tensor(key), TOLERANCE);
    }

    @TestFactory
    Stream<DynamicTest> stable_diffusion_2_with_noise() {
        return tests(
                "samplers/sd21base",
                key ->
                        switch (key) {
                            case "model_output.x4.sigma1" -> output(ReducedModel.SD21_BASE);
                            case "as_v.euler" ->
                                    sampled(
                                            new AsVelocity(
                                                    ReducedModel.SD21_BASE.checkpoint().model()),
                                            ReducedModel.SD21_BASE,
                                            "euler");
                            default -> sampled(ReducedModel.SD21_BASE, key);
                        });
    }

    @TestFactory
    Stream<DynamicTest> stable_diffusion_2_with_velocity() {
        return tests("samplers/sd21v", key -> sampled(ReducedModel.SD21_VELOCITY, key));
    }

    @TestFactory
    Stream<DynamicTest> stable_diffusion_xl() {
        return tests(
                "samplers/sdxl",
                key -> {
                    String[] parts = key.split("\\.", -1);
                    boolean sized = key.endsWith(".adm");
                    return sample(
                            ReducedModel.SDXL.checkpoint().model(),
                            new SampleRequest.Prompting(
                                    List.of(xl(sized, false)), List.of(xl(sized, true)), 7),
                            ZEROS,
                            plan(parts[0], sized ? "normal" : parts[1]));
                });
    }

    private static Conditioning xl(boolean sized, boolean negative) {
        return sized ? ReducedModel.SDXL.sized(negative) : ReducedModel.SDXL.prompt(negative);
    }

    /// `SAMPLER.SCHEDULER.ascoreA_B`, `euler.no_…`, or the second stage after another model.
    @TestFactory
    Stream<DynamicTest> the_refiner_of_stable_diffusion_xl() {
        return tests(
                "samplers/sdxl_refiner",
                key -> {
                    boolean second = key.startsWith("adv.");
                    String[] parts = key.split("\\.", -1);
                    String scheduler = parts[1].equals("karras") ? "karras" : "normal";
                    SampleRequest.Plan plan =
                            second
                                    ? new SampleRequest.Plan(
                                            "euler",
                                            Scheduler.NORMAL,
                                            6,
                                            1,
                                            new SampleRequest.Window(4, 10_000, false),
                                            false)
                                    : plan(parts[0], scheduler);
                    return sample(
                            ReducedModel.REFINER.checkpoint().model(),
                            new SampleRequest.Prompting(
                                    List.of(refined(key, false)), List.of(refined(key, true)), 7),
                            second ? picture() : ZEROS,
                            plan);
                });
    }

    private static Conditioning refined(String key, boolean negative) {
        Conditioning prompt = ReducedModel.REFINER.prompt(negative);
        if (!key.endsWith("no_size")) {
            prompt = prompt.with(PromptNumber.WIDTH, 1024).with(PromptNumber.HEIGHT, 768);
        }
        if (key.contains("ascore9_1")) {
            return prompt.with(PromptNumber.AESTHETIC_SCORE, negative ? 1 : 9);
        }
        return key.contains("ascore6_2.5")
                ? prompt.with(PromptNumber.AESTHETIC_SCORE, negative ? 2.5 : 6)
                : prompt;
    }

    /// `MARKS.WHAT`, the marks as they lie in the file.
    @TestFactory
    Stream<DynamicTest> marks_beside_stable_diffusion_xl_say_what_it_predicts() {
        return tests(
                "samplers/sdxl_prediction_types",
                key -> {
                    int dot = key.indexOf('.');
                    DiffusionModel model = marked(key.substring(0, dot));
                    String what = key.substring(dot + 1);
                    return switch (what) {
                        case "sigma_min_max" -> ends(model.sampling());
                        case "sigmas" -> sigmas(model);
                        default -> sampledMarked(model, what.split("\\.", -1));
                    };
                });
    }

    private static HostTensor sampledMarked(DiffusionModel model, String[] what) {
        boolean fromPicture = what[0].equals("i2i0");
        SampleRequest.Prompting prompting =
                new SampleRequest.Prompting(
                        List.of(ReducedModel.SDXL.sized(false)),
                        List.of(ReducedModel.SDXL.sized(true)),
                        5);
        return fromPicture
                ? sample(
                        model,
                        prompting,
                        picture(),
                        SampleRequest.Plan.all("euler", Scheduler.NORMAL, 4, 0.5))
                : sample(model, prompting, ZEROS, plan(what[0], what[1]));
    }

    private static synchronized DiffusionModel marked(String marks) throws IOException {
        DiffusionModel known = MARKED.get(marks);
        if (known != null) {
            return known;
        }
        StateDict file = StateDict.read(ReducedModel.SDXL.file());
        StateDict beside =
                StateDict.read(MarkerFile.of(marks, folder.resolve(marks + ".safetensors")));
        DiffusionModel made =
                TORCH.call(() -> {
                    try (Weights weights = Weights.open(TORCH, file, DType.F32);
                            Weights markers = Weights.open(TORCH, beside, DType.F32)) {
                        Weights network = weights.under("model.diffusion_model.");
                        Architecture architecture = new UNetFamily().architecture(network, markers);
                        MemoryBudget budget = new MemoryBudget(Path.of("/"));
                        return Network.of(TORCH, budget, architecture, network).model();
                    }
                });
        MARKED.put(marks, made);
        return made;
    }

    private static HostTensor ends(ModelSampling sampling) {
        return new HostTensor(new float[] {sampling.sigmaMin(), sampling.sigmaMax()}, 2);
    }

    private static HostTensor sigmas(DiffusionModel model) {
        float[] all = new float[20];
        List<String> schedulers = List.of("normal", "karras", "simple", "sgm_uniform");
        for (int i = 0; i < schedulers.size(); i++) {
            float[] own =
                    Sampling.sigmas(model.sampling(), plan("euler", schedulers.get(i))).toArray();
            System.arraycopy(own, 0, all, 5 * i, 5);
        }
        return new HostTensor(all, 20);
    }

    private static HostTensor sampled(ReducedModel model, String sampler) {
        return sampled(model.checkpoint().model(), model, sampler);
    }

    /// The noise model of Stable Diffusion 2 taken for one that predicts velocity.
    private record AsVelocity(NoiseModel model) implements NoiseModel {
        @Override
        public ModelSampling sampling() {
            return DiscreteSampling.stableDiffusion(Prediction.V);
        }

        @Override
        public LatentFormat latentFormat() {
            return model.latentFormat();
        }

        @Override
        public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
            return model.predict(x, timesteps, context);
        }
    }

    private static HostTensor sampled(NoiseModel network, ReducedModel model, String sampler) {
        return sample(
                network,
                new SampleRequest.Prompting(
                        List.of(model.prompt(false)), List.of(model.prompt(true)), 7),
                ZEROS,
                plan(sampler, "normal"));
    }

    private static HostTensor output(ReducedModel model) {
        HostTensor x = SyntheticTensors.tensor("in/x4", (float) Math.sqrt(3), 0, 1, 4, 8, 8);
        float[] scaled = x.data().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= (float) Math.sqrt(2);
        }
        DiffusionModel network = model.checkpoint().model();
        return network.predict(
                new HostTensor(scaled, x.shape()),
                new float[] {network.sampling().timestep(1)},
                new NoiseModel.Context(model.prompt(false).context(), Map.of()));
    }

    private static HostTensor picture() {
        return SyntheticTensors.tensor("in/latimg", 1.2f, 0, 1, 4, 8, 8);
    }

    private static SampleRequest.Plan plan(String sampler, String scheduler) {
        return SampleRequest.Plan.all(sampler, Scheduler.named(scheduler), 4, 1);
    }

    private static HostTensor sample(
            NoiseModel model,
            SampleRequest.Prompting prompting,
            HostTensor start,
            SampleRequest.Plan plan) {
        return Sampling.sample(
                new SampleRequest(model, prompting, SampleRequest.Latent.of(start), 42, plan),
                StepListener.NONE);
    }
}
