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
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Models under adapters give what ComfyUI's give, and the model itself stays as it was.
class GoldenLoraTest {

    private static final float ROOT_3 = (float) Math.sqrt(3);
    private static final int[] ROWS = {0, 1, 5, 76};
    private static final Pattern PLAIN = Pattern.compile("m(-?[0-9.]+)_c([0-9.]+)\\.(.+)");
    private static final Pattern ADAPTER =
            Pattern.compile("(.+)\\.m([0-9.]+)\\.(euler|cond_rows|pooled)");
    private static final Checkpoint CHECKPOINT =
            new Checkpoints(TestTorch.cpu(), new MemoryBudget(Path.of("/")), ClipPrecision.FP16)
                    .load(SyntheticModels.file("sd15"), ProgressListener.SILENT);

    @TestFactory
    Stream<DynamicTest> a_lora_gives_what_is_recorded() {
        return tests(
                "lora/sd15_lora",
                (golden, key) -> {
                    if (key.startsWith("after_unpatch") || key.startsWith("stacked")) {
                        double[] strengths =
                                key.startsWith("stacked") ? new double[] {0.7, 0.3} : new double[0];
                        check(golden, key, "euler", lora("lora-sd15", strengths), List.of());
                    } else {
                        Matcher parts = matched(PLAIN, key);
                        check(
                                golden,
                                key,
                                parts.group(3),
                                lora("lora-sd15", Double.parseDouble(parts.group(1))),
                                lora("lora-sd15", Double.parseDouble(parts.group(2))));
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> every_kind_of_adapter_gives_what_is_recorded() {
        return tests(
                "lora/sd15_adapters",
                (golden, key) -> {
                    if (key.startsWith("base.") || key.startsWith("zz_after.")) {
                        String what = key.substring(key.indexOf('.') + 1);
                        check(golden, key, what, List.of(), List.of());
                    } else {
                        Matcher parts = matched(ADAPTER, key);
                        List<AppliedLora> loras =
                                lora(
                                        "lora-sd15-" + parts.group(1),
                                        Double.parseDouble(parts.group(2)));
                        check(golden, key, parts.group(3), loras, loras);
                    }
                });
    }

    /// The log's lines are `lora key not loaded: ` and a name.
    @TestFactory
    Stream<DynamicTest> names_that_say_nothing_are_told() {
        JsonNode log = Goldens.ownJson("lora/sd15_adapters.log");
        return log.properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> tellsUnused(entry)));
    }

    private static void tellsUnused(Map.Entry<String, JsonNode> entry) {
        String start = "lora key not loaded: ";
        List<String> recorded = new ArrayList<>();
        entry.getValue().path("warnings").forEach(line -> recorded.add(line.asText()));
        String name = entry.getKey().replaceFirst("\\.m[0-9.]+$", "");
        Path file = SyntheticModels.file("lora-sd15-" + name);
        Map<String, String> names = new HashMap<>(CHECKPOINT.network().adapterNames());
        names.putAll(CHECKPOINT.text().orElseThrow().adapterNames());
        assertThat(LoraFile.read(file).unused(names))
                .containsExactlyInAnyOrderElementsOf(
                        recorded.stream()
                                .filter(line -> line.startsWith(start))
                                .map(line -> line.substring(start.length()))
                                .toList());
    }

    private interface Check {
        void of(GoldenTensors golden, String key);
    }

    private static Stream<DynamicTest> tests(String file, Check check) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> !key.contains(".w.") && !key.contains(".ws."))
                                .filter(key -> !key.contains("lokr_tucker_fixed"))
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check.of(golden, key))));
    }

    private static Matcher matched(Pattern pattern, String key) {
        Matcher matcher = pattern.matcher(key);
        assertThat(matcher.matches()).as(key).isTrue();
        return matcher;
    }

    private static List<AppliedLora> lora(String name, double... strengths) {
        List<AppliedLora> loras = new ArrayList<>();
        for (double strength : strengths) {
            loras.add(AppliedLora.of(SyntheticModels.file(name), strength));
        }
        return loras;
    }

    private static void check(
            GoldenTensors golden,
            String key,
            String what,
            List<AppliedLora> onModel,
            List<AppliedLora> onClip) {
        HostTensor recorded = golden.tensor(key);
        switch (what) {
            case "euler" ->
                    Agreement.assertAgrees(
                            key,
                            CHECKPOINT.network().use(onModel, GoldenLoraTest::sampled),
                            recorded,
                            1e-4);
            case "pooled" ->
                    Agreement.assertAgrees(
                            key, Objects.requireNonNull(encoded(onClip).pooled()), recorded, 1e-5);
            case "cond_rows" ->
                    Agreement.assertAgrees(key, rows(encoded(onClip).hidden()), recorded, 1e-5);
            default -> throw new IllegalArgumentException(key);
        }
    }

    private static HostTensor sampled(DiffusionModel model) {
        SampleRequest.Prompting prompts =
                new SampleRequest.Prompting(List.of(prompt("pos")), List.of(prompt("neg")), 7);
        return Sampling.sample(
                new SampleRequest(
                        model,
                        prompts,
                        SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                        42,
                        SampleRequest.Plan.all("euler", Scheduler.NORMAL, 4, 1)),
                StepListener.NONE);
    }

    private static Conditioning prompt(String name) {
        return Conditioning.of(
                SyntheticTensors.tensor("in/ctx15/" + name + "/77", ROOT_3, 0f, 1, 77, 768), null);
    }

    private static PromptEncoding encoded(List<AppliedLora> loras) {
        return CHECKPOINT
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
}
