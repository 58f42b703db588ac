package comfyserverless.diffusion.dit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Flux and MMDiT predict what ComfyUI's do, for every case of every golden file, module by module.
class GoldenTransformersTest {

    private static final double TOLERANCE = 1e-5;
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();

    /// Golden file unet/NAME and synthetic model NAME, with the prefix of its network.
    private static final Map<String, String> PREFIXES =
            Map.of(
                    "flux-dev", "",
                    "flux-schnell", "",
                    "sd3", "model.diffusion_model.",
                    "sd35m-mmdit", "model.diffusion_model.");

    private static final Map<String, BiFunction<Inputs, ModuleObserver, Tensor>> MODELS =
            new LinkedHashMap<>();

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
    }

    @TestFactory
    Stream<DynamicContainer> predict_the_recorded_direction() {
        return PREFIXES.keySet().stream()
                .sorted()
                .flatMap(name ->
                        Goldens.tensors("unet/" + name).stream()
                                .map(golden -> cases(name, golden)));
    }

    private static DynamicContainer cases(String model, GoldenTensors golden) {
        return DynamicContainer.dynamicContainer(
                model,
                golden.cases().stream()
                        .map(name ->
                                DynamicTest.dynamicTest(name, () -> check(model, golden, name))));
    }

    private static void check(String model, GoldenTensors golden, String name) {
        Map<String, HostTensor> seen = new LinkedHashMap<>();
        TORCH.run(() -> {
            try (Scope _ = TORCH.scope()) {
                Tensor x = TORCH.fromHost(golden.tensor(name + ".x"));
                Inputs inputs =
                        new Inputs(
                                x,
                                TORCH.fromHost(golden.tensor(name + ".timestep")),
                                TORCH.fromHost(golden.tensor(name + ".context")),
                                TORCH.fromHost(golden.tensor(name + ".y")),
                                golden.find(name + ".guidance").map(TORCH::fromHost).orElse(null));
                Tensor direction =
                        model(model).apply(inputs, (at, out) -> seen.put(at, out.toHost()));
                HostTensor sigma = golden.tensor(name + ".sigma");
                Tensor scaled = direction.mul(TORCH.fromHost(sigma.data(), sigma.size(0), 1, 1, 1));
                agrees(golden, name + ".model_output", direction);
                agrees(golden, name + ".denoised", x.sub(scaled));
            }
        });
        JsonNode trace = Goldens.ownJson("unet/" + model + ".trace").path(name);
        assertThat(trace.isObject()).as("a trace of %s", name).isTrue();
        for (Map.Entry<String, JsonNode> module : trace.properties()) {
            compareModule(
                    name + " " + module.getKey(), seen.get(module.getKey()), module.getValue());
        }
    }

    private static void agrees(GoldenTensors golden, String key, Tensor actual) {
        golden.find(key)
                .ifPresent(recorded ->
                        Agreement.assertAgrees(key, actual.toHost(), recorded, TOLERANCE));
    }

    private static void compareModule(String what, @Nullable HostTensor actual, JsonNode recorded) {
        if (actual == null) {
            throw new AssertionError("no module gave " + what);
        }
        long[] shape = new long[recorded.path("shape").size()];
        Arrays.setAll(shape, i -> recorded.path("shape").get(i).longValue());
        assertThat(actual.shape()).as("shape of %s", what).containsExactly(shape);
        double largest = recorded.path("stat").get(2).doubleValue();
        for (int i = 0; i < recorded.path("first8").size(); i++) {
            double difference =
                    Math.abs(actual.data()[i] - recorded.path("first8").get(i).doubleValue());
            assertThat(difference / largest).as("%s[%d]", what, i).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private static BiFunction<Inputs, ModuleObserver, Tensor> model(String name) {
        return MODELS.computeIfAbsent(name, GoldenTransformersTest::build);
    }

    private static BiFunction<Inputs, ModuleObserver, Tensor> build(String name) {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file(name));
            try (Weights all = Weights.open(TORCH, dict, DType.F32)) {
                Weights weights = all.under(PREFIXES.getOrDefault(name, ""));
                return name.startsWith("flux")
                        ? new Flux(TORCH, weights, OWNER)::forward
                        : new Mmdit(TORCH, weights, OWNER)::forward;
            }
        });
    }
}
