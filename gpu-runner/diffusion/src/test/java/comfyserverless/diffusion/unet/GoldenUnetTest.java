package comfyserverless.diffusion.unet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The UNet predicts what ComfyUI's does, for every case of every golden file, block by block where a trace is there.
class GoldenUnetTest {

    private static final double TOLERANCE = 1e-5;
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();

    /// Golden file, the synthetic model it was recorded with, and what that predicts.
    private record File(String name, String model, Prediction prediction) {}

    private static final List<File> FILES =
            List.of(
                    new File("unet/sd15", "sd15", Prediction.EPSILON),
                    new File("unet/sd15b", "sd15b-unet", Prediction.EPSILON),
                    new File("unet/sd21v", "sd21v", Prediction.V),
                    new File("unet/sdxl", "sdxl", Prediction.EPSILON),
                    new File("unet/sdxl_refiner", "sdxl-refiner-unet", Prediction.EPSILON));

    private static final Map<String, UNet> MODELS = new LinkedHashMap<>();

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
    }

    @TestFactory
    Stream<DynamicContainer> predicts_the_recorded_noise() {
        return FILES.stream()
                .flatMap(file ->
                        Goldens.tensors(file.name()).stream().map(golden -> cases(file, golden)));
    }

    private static DynamicContainer cases(File file, GoldenTensors golden) {
        return DynamicContainer.dynamicContainer(
                file.name(),
                golden.cases().stream()
                        .map(name ->
                                DynamicTest.dynamicTest(name, () -> check(file, golden, name))));
    }

    /// One pass with coarse blocks against the recorded results; one with finer ones, whose end must be the same, against
    /// the recorded modules.
    private static void check(File file, GoldenTensors golden, String name) {
        UNet unet = model(file.model());
        Map<String, HostTensor> seen = new LinkedHashMap<>();
        TORCH.run(() -> {
            try (Scope _ = TORCH.scope()) {
                HostTensor sigma = golden.tensor(name + ".sigma");
                Tensor x = TORCH.fromHost(golden.tensor(name + ".x"));
                Tensor scaled = x.mul(TORCH.fromHost(inputScale(sigma), broadcast(sigma)));
                Tensor t = TORCH.fromHost(golden.tensor(name + ".timestep"));
                Tensor context = TORCH.fromHost(golden.tensor(name + ".context"));
                UNetGiven given =
                        new UNetGiven(
                                context,
                                golden.find(name + ".y").map(TORCH::fromHost).orElse(null),
                                null);
                Tensor prediction = unet.forward(scaled, t, given);
                agrees(golden, name + ".model_output", prediction);
                agrees(golden, name + ".denoised", denoised(file, x, prediction, sigma));
                Tensor fine =
                        unet.forward(scaled, t, given, (at, out) -> seen.put(at, out.toHost()));
                Agreement.assertAgrees(
                        name + " fine = coarse", fine.toHost(), prediction.toHost(), 1e-6);
            }
        });
        JsonNode trace = Goldens.ownJson(file.name() + ".trace").path(name);
        assertThat(trace.isObject()).as("a trace of %s", name).isTrue();
        for (Map.Entry<String, JsonNode> module : trace.properties()) {
            compareModule(
                    name + " " + module.getKey(), seen.get(module.getKey()), module.getValue());
        }
    }

    private static Tensor denoised(File file, Tensor x, Tensor output, HostTensor sigma) {
        float[] ofX = new float[sigma.data().length];
        float[] ofOutput = new float[sigma.data().length];
        for (int i = 0; i < ofX.length; i++) {
            double s = sigma.data()[i];
            boolean velocity = file.prediction() == Prediction.V;
            ofX[i] = velocity ? (float) (1 / (s * s + 1)) : 1;
            ofOutput[i] = (float) (velocity ? s / Math.sqrt(s * s + 1) : s);
        }
        return x.mul(TORCH.fromHost(ofX, broadcast(sigma)))
                .sub(output.mul(TORCH.fromHost(ofOutput, broadcast(sigma))));
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

    private static UNet model(String name) {
        return MODELS.computeIfAbsent(name, GoldenUnetTest::build);
    }

    private static UNet build(String name) {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file(name));
            try (Weights weights = Weights.open(TORCH, dict, DType.F32)) {
                return new UNet(TORCH, weights.under("model.diffusion_model."), OWNER);
            }
        });
    }

    private static long[] broadcast(HostTensor sigma) {
        return new long[] {sigma.size(0), 1, 1, 1};
    }

    private static float[] inputScale(HostTensor sigma) {
        float[] scale = new float[sigma.data().length];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = (float) (1 / Math.sqrt(sigma.data()[i] * sigma.data()[i] + 1.0));
        }
        return scale;
    }
}
