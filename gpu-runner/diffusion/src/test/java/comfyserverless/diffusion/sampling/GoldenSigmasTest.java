package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Goldens;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Schedules and conversions between sigma, timestep and share of the way are those of ComfyUI.
class GoldenSigmasTest {

    private static final double TOLERANCE = 2e-6;
    private static final String SIGMAS = "sigmas/sigmas";

    private static final Map<String, ModelSampling> MODELS =
            Map.of(
                    "sd15", DiscreteSampling.stableDiffusion(Prediction.EPSILON),
                    "sd15_ModelSamplingDiscrete_v_zsnr",
                            DiscreteSampling.stableDiffusion(Prediction.V).withZeroTerminalSnr(),
                    "sd15_ModelSamplingDiscrete_lcm",
                            DiscreteSampling.stableDiffusion(Prediction.EPSILON).distilled(),
                    "sd15_ModelSamplingContinuousEDM_vpred_120_0.002",
                            new ContinuousSampling(Prediction.V, 0.002, 120, 1),
                    "sd3", FlowSampling.shifted(3),
                    "sd3_shift3", FlowSampling.shifted(3),
                    "sd3_ModelSamplingSD3_shift5", FlowSampling.shifted(5),
                    "flux_default_shift1.15", FlowSampling.flux(1.15),
                    "flux_ModelSamplingFlux_1024x1024_max1.15_base0.5", FlowSampling.flux(1.15));

    /// Models whose levels are those of another.
    private static final Map<String, String> SAME_AS =
            Map.of("sdxl", "sd15", "sd21v", "sd15", "flux", "flux_default_shift1.15");

    @TestFactory
    Stream<DynamicTest> schedules_step_through_the_recorded_sigmas() {
        return models().flatMap(model ->
                tests(
                        model,
                        "schedules",
                        (key, value) -> checkSchedule(model(model.getKey()), key, value)));
    }

    @TestFactory
    Stream<DynamicTest> conversions_are_the_recorded_ones() {
        return models().flatMap(entry -> {
            ModelSampling model = model(entry.getKey());
            return Stream.of(
                            tests(
                                    entry,
                                    "timestep_of_sigma",
                                    (k, v) -> near(model.timestep(Float.parseFloat(k)), v)),
                            tests(
                                    entry,
                                    "sigma_of_timestep",
                                    (k, v) -> near(model.sigma(Float.parseFloat(k)), v)),
                            tests(
                                    entry,
                                    "percent_to_sigma",
                                    (k, v) -> near(model.percentToSigma(Double.parseDouble(k)), v)))
                    .flatMap(s -> s);
        });
    }

    @TestFactory
    Stream<DynamicTest> tables_hold_the_recorded_sigmas() {
        return Goldens.tensors("sigmas/model_sigma_tables").stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> isBuilt("sigmas/model_sigma_tables", key))
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key,
                                                () ->
                                                        near(
                                                                model(key).table(),
                                                                golden.tensor(key).data()))));
    }

    private static boolean isBuilt(String file, String model) {
        boolean built = MODELS.containsKey(SAME_AS.getOrDefault(model, model));
        if (!built) {
            System.out.println(file + ": not built: " + model);
        }
        return built;
    }

    private static Stream<Map.Entry<String, JsonNode>> models() {
        return Goldens.json(SIGMAS).stream()
                .flatMap(root -> root.properties().stream())
                .filter(entry -> isBuilt(SIGMAS, entry.getKey()));
    }

    @FunctionalInterface
    private interface Check {
        void check(String key, JsonNode recorded);
    }

    private static Stream<DynamicTest> tests(
            Map.Entry<String, JsonNode> model, String part, Check check) {
        return model.getValue().path(part).properties().stream()
                .filter(entry ->
                        Goldens.includes(
                                SIGMAS, model.getKey() + "/" + part + "/" + entry.getKey()))
                .map(entry ->
                        DynamicTest.dynamicTest(
                                model.getKey() + " " + part + " " + entry.getKey(),
                                () -> check.check(entry.getKey(), entry.getValue())));
    }

    private static ModelSampling model(String name) {
        ModelSampling model = MODELS.get(SAME_AS.getOrDefault(name, name));
        if (model == null) {
            throw new AssertionError("no model sampling " + name);
        }
        return model;
    }

    /// `karras/20/0.5/dpm_2`: scheduler, steps, denoise, sampler.
    private static void checkSchedule(ModelSampling model, String key, JsonNode recorded) {
        List<String> parts = List.of(key.split("/", -1));
        float[] sigmas =
                SamplerSteps.sigmas(
                        model,
                        Scheduler.named(parts.get(0)),
                        parts.get(3),
                        Integer.parseInt(parts.get(1)),
                        Double.parseDouble(parts.get(2)));
        float[] wanted = new float[recorded.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = (float) number(recorded.get(i));
        }
        near(sigmas, wanted);
    }

    private static void near(float[] actual, float[] recorded) {
        assertThat(actual).hasSameSizeAs(recorded);
        for (int i = 0; i < actual.length; i++) {
            near(actual[i], recorded[i]);
        }
    }

    private static void near(double actual, JsonNode recorded) {
        near(actual, number(recorded));
    }

    private static void near(double actual, double recorded) {
        if (Double.isNaN(recorded)) {
            assertThat(actual).isNaN();
        } else if (Double.isInfinite(recorded)) {
            assertThat(actual).isEqualTo(recorded);
        } else {
            assertThat(Math.abs(actual - recorded))
                    .as("%s against %s", actual, recorded)
                    .isLessThanOrEqualTo(TOLERANCE * Math.abs(recorded));
        }
    }

    private static double number(JsonNode value) {
        return switch (value.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> value.asDouble();
        };
    }
}
