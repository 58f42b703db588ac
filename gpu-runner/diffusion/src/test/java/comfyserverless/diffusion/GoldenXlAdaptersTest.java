package comfyserverless.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.LoraFile;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Control;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.unet.ControlNet;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Stable Diffusion XL under LoRAs, which change both of its text encoders, and steered by its ControlNet, which is told
/// sizes too, gives what ComfyUI gives.
class GoldenXlAdaptersTest {

    private static final int[] ROWS = {0, 5};
    private static final Pattern ADAPTED =
            Pattern.compile("(.+)\\.m([0-9.]+)\\.(euler|cond_rows|pooled)");
    private static final Pattern STEERED =
            Pattern.compile("sdxl\\.cnet\\.s(\\d(?:\\.\\d)?)(?:\\.(\\d\\.\\d)-(\\d\\.\\d))?");

    @TestFactory
    Stream<DynamicTest> a_lora_gives_what_is_recorded() {
        return tests("lora/sdxl_lora", key -> !key.matches(".*\\.(w|ws|tew)\\..*"), this::adapted);
    }

    @TestFactory
    Stream<DynamicTest> a_control_net_gives_what_is_recorded() {
        return tests(
                "controlnet/controlnet_more", key -> key.startsWith("sdxl.cnet."), this::steered);
    }

    /// The log's lines are `lora key not loaded: ` and a name.
    @TestFactory
    Stream<DynamicTest> names_that_say_nothing_are_told() {
        JsonNode log = Goldens.ownJson("lora/sdxl_lora.log");
        return log.properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> tellsUnused(entry)));
    }

    private static void tellsUnused(Map.Entry<String, JsonNode> entry) {
        String start = "lora key not loaded: ";
        List<String> recorded = new ArrayList<>();
        entry.getValue()
                .path("warnings")
                .forEach(line -> {
                    if (line.asText().startsWith(start)) {
                        recorded.add(line.asText().substring(start.length()));
                    }
                });
        Checkpoint checkpoint = ReducedModel.SDXL.checkpoint();
        Map<String, String> names = new HashMap<>(checkpoint.network().adapterNames());
        names.putAll(checkpoint.text().orElseThrow().adapterNames());
        Path file = lora(entry.getKey().replaceFirst("\\.m[0-9.]+$", ""));
        assertThat(LoraFile.read(file).unused(names)).containsExactlyInAnyOrderElementsOf(recorded);
    }

    private interface Check {
        void of(GoldenTensors golden, String key);
    }

    private static Stream<DynamicTest> tests(String file, Predicate<String> wanted, Check check) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(wanted)
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check.of(golden, key))));
    }

    private void adapted(GoldenTensors golden, String key) {
        Matcher parts = ADAPTED.matcher(key);
        boolean base = key.startsWith("base.");
        assertThat(base || parts.matches()).as(key).isTrue();
        List<AppliedLora> loras =
                base
                        ? List.of()
                        : List.of(
                                AppliedLora.of(
                                        lora(parts.group(1)), Double.parseDouble(parts.group(2))));
        HostTensor recorded = golden.tensor(key);
        switch (base ? key.substring(key.indexOf('.') + 1) : parts.group(3)) {
            case "euler" ->
                    Agreement.assertAgrees(
                            key,
                            ReducedModel.SDXL
                                    .checkpoint()
                                    .network()
                                    .use(
                                            loras,
                                            model ->
                                                    sampled(
                                                            model,
                                                            ReducedModel.SDXL.sized(false),
                                                            ReducedModel.SDXL.sized(true))),
                            recorded,
                            1e-4);
            case "pooled" ->
                    Agreement.assertAgrees(
                            key, Objects.requireNonNull(encoded(loras).pooled()), recorded, 1e-5);
            case "cond_rows" ->
                    Agreement.assertAgrees(key, rows(encoded(loras).hidden()), recorded, 1e-5);
            default -> throw new IllegalArgumentException(key);
        }
    }

    private static Path lora(String name) {
        return SyntheticModels.file("lora-sdxl-" + name);
    }

    private static PromptEncoding encoded(List<AppliedLora> loras) {
        return ReducedModel.SDXL
                .checkpoint()
                .text()
                .orElseThrow()
                .use(
                        loras,
                        clip ->
                                clip.encode(
                                        Prompt.of("a photo of a cat"),
                                        OptionalInt.empty(),
                                        Embeddings.NONE));
    }

    private static HostTensor rows(HostTensor hidden) {
        int width = Math.toIntExact(hidden.size(2));
        float[] numbers = new float[ROWS.length * width];
        for (int i = 0; i < ROWS.length; i++) {
            System.arraycopy(hidden.data(), ROWS[i] * width, numbers, i * width, width);
        }
        return new HostTensor(numbers, 1, ROWS.length, width);
    }

    /// `sdxl.cnet.sSTRENGTH` or `sdxl.cnet.sSTRENGTH.START-END`
    private void steered(GoldenTensors golden, String key) {
        Matcher parts = STEERED.matcher(key);
        assertThat(parts.matches()).as(key).isTrue();
        boolean all = parts.group(2) == null;
        Control.Reach reach =
                new Control.Reach(
                        Double.parseDouble(parts.group(1)),
                        all ? 0 : Double.parseDouble(parts.group(2)),
                        all ? 1 : Double.parseDouble(parts.group(3)),
                        false);
        try (ControlNet net =
                new ModelFiles(
                                TestTorch.cpu(),
                                new MemoryBudget(Path.of("/")),
                                ClipPrecision.FP16,
                                ProgressListener.SILENT)
                        .controlNet(SyntheticModels.file("controlnet-sdxl"))) {
            Control control = new Control(net, hint(), reach, null);
            HostTensor latent =
                    sampled(
                            ReducedModel.SDXL.checkpoint().model(),
                            ReducedModel.SDXL.sized(false).steeredBy(control),
                            ReducedModel.SDXL.sized(true).steeredBy(control));
            Agreement.assertAgrees(key, latent, golden.tensor(key), 1e-4);
        }
    }

    private static HostTensor hint() {
        HostTensor hint = SyntheticTensors.tensor("in/hint64", 0.5f, 0.5f, 1, 64, 64, 3);
        float[] clamped = hint.data().clone();
        for (int i = 0; i < clamped.length; i++) {
            clamped[i] = Math.clamp(clamped[i], 0f, 1f);
        }
        return new HostTensor(clamped, hint.shape());
    }

    private static HostTensor sampled(
            NoiseModel model, Conditioning positive, Conditioning negative) {
        return Sampling.sample(
                new SampleRequest(
                        model,
                        new SampleRequest.Prompting(List.of(positive), List.of(negative), 7),
                        SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                        42,
                        SampleRequest.Plan.all("euler", Scheduler.NORMAL, 4, 1)),
                StepListener.NONE);
    }
}
