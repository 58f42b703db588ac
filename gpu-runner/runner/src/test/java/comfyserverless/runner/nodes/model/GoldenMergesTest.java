package comfyserverless.runner.nodes.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.Network;
import comfyserverless.diffusion.NetworkStorage;
import comfyserverless.diffusion.TextEncoder;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.conditioning.Prompts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Merged models sample as the recorded ones: Stable Diffusion 1.5 with another network of the same shape.
class GoldenMergesTest {
    private static final double TOLERANCE = 1e-4;
    private static final double TEXT_TOLERANCE = 1e-5;
    private static final Set<String> TEXTS = Set.of("clip.base", "clip.CLIPMergeSimple(0.4)");
    private static final String FIRST = "patches/sd15_model_patches";
    private static final String MORE = "patches/merges_more";

    @FunctionalInterface
    private interface Made {
        Value model() throws Exception;
    }

    private static final Map<String, Made> MERGES =
            Map.of(
                    "ModelMergeSimple_0.3", () -> simple(first(), second(), 0.3),
                    "ModelMergeSimple_1.0", () -> simple(first(), second(), 1.0),
                    "ModelMergeBlocks_in0.2_mid0.5_out0.8", GoldenMergesTest::blocks,
                    "ModelMergeAdd", () -> added(first(), second()),
                    "ModelSubtract_0.5", () -> subtracted(first(), second(), 0.5),
                    "sd15.base", GoldenMergesTest::first,
                    "sd15.merge(LoRA 0.7 model, sd15b, 0.6)", () -> simple(lora(), second(), 0.6),
                    "sd15.merge(sd15b, LoRA 0.7 model, 0.6)", () -> simple(second(), lora(), 0.6));

    @TestFactory
    Stream<DynamicTest> merged_models_sample_as_recorded() {
        return Stream.of(FIRST, MORE)
                .flatMap(file -> Goldens.tensors(file).stream())
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> made(golden, key) != null)
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    /// Rows 0, 1, 5 and 76 of an encoded prompt, or its pooled vector, by merged text encoders.
    @TestFactory
    Stream<DynamicTest> merged_text_encoders_encode_as_recorded() {
        return Goldens.tensors(MORE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> TEXTS.contains(text(key)))
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> checkText(golden, key))));
    }

    private static void checkText(GoldenTensors golden, String key) throws Exception {
        Value clip =
                text(key).equals("clip.base")
                        ? GoldenModels.clip()
                        : Call.of("CLIPMergeSimple")
                                .with("clip1", GoldenModels.clip())
                                .with("clip2", secondClip())
                                .with("ratio", 0.4)
                                .first();
        Value.Handle encoded =
                (Value.Handle)
                        Call.of("CLIPTextEncode")
                                .with("clip", clip)
                                .with("text", "a photo of a cat")
                                .first();
        Conditioning prompt = ((Prompts) encoded.content()).all().getFirst();
        HostTensor actual =
                key.endsWith(".pooled")
                        ? Objects.requireNonNull(prompt.pooled())
                        : rows(prompt.context(), 0, 1, 5, 76);
        Agreement.assertAgrees(key, actual, golden.tensor(key), TEXT_TOLERANCE);
    }

    private static HostTensor rows(HostTensor context, int... rows) {
        int width = (int) context.size(2);
        float[] out = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(context.data(), rows[i] * width, out, i * width, width);
        }
        return new HostTensor(out, 1, rows.length, width);
    }

    private static String text(String key) {
        return key.substring(0, key.lastIndexOf('.'));
    }

    private static Value secondClip() {
        Path file = SyntheticModels.file("clip_l");
        return ModelHandle.Encoder.plain(
                        GoldenModels.all()
                                .load(
                                        LoadedModels.Wanted.of(
                                                TextEncoder.class, file, ModelFiles::textEncoder)))
                .value();
    }

    private static @Nullable Made made(GoldenTensors golden, String key) {
        return key.equals("sd15.ModelMergeSD1")
                ? () -> specific(golden.metadataJson("cases").path(key).asText())
                : MERGES.get(key);
    }

    private static void check(GoldenTensors golden, String key) throws Exception {
        Latent latent =
                GoldenModels.sampled(
                        Objects.requireNonNull(made(golden, key)).model(),
                        Latent.empty(1, 4, 8, 8),
                        4,
                        7);
        Agreement.assertAgrees(
                key, new HostTensor(latent.data(), 1, 4, 8, 8), golden.tensor(key), TOLERANCE);
    }

    private static Value first() {
        return GoldenModels.network().value();
    }

    private static Value second() {
        Path file = SyntheticModels.file("sd15b-unet");
        return ModelHandle.Network.plain(
                        GoldenModels.all()
                                .load(
                                        new LoadedModels.Wanted<>(
                                                Network.class,
                                                "",
                                                List.of(file),
                                                device ->
                                                        device.network(
                                                                file, NetworkStorage.DEFAULT))))
                .value();
    }

    private static Value lora() {
        Path file = SyntheticModels.file("lora-sd15");
        return GoldenModels.network().with(AppliedLora.of(file, 0.7)).value();
    }

    private static Call of(String node, Value first, Value second) {
        return Call.of(node).with("model1", first).with("model2", second);
    }

    private static Value simple(Value first, Value second, double ratio) throws Exception {
        return of("ModelMergeSimple", first, second).with("ratio", ratio).first();
    }

    private static Value added(Value first, Value second) throws Exception {
        return of("ModelMergeAdd", first, second).first();
    }

    private static Value subtracted(Value first, Value second, double factor) throws Exception {
        return of("ModelMergeSubtract", first, second).with("multiplier", factor).first();
    }

    private static Value blocks() throws Exception {
        return of("ModelMergeBlocks", first(), second())
                .with("input", 0.2)
                .with("middle", 0.5)
                .with("out", 0.8)
                .first();
    }

    /// The ratios stand as JSON behind some words.
    private static Value specific(String recipe) throws Exception {
        JsonNode ratios = new ObjectMapper().readTree(recipe.substring(recipe.indexOf('{')));
        Call call = of("ModelMergeSD1", first(), second());
        for (Map.Entry<String, JsonNode> ratio : ratios.properties()) {
            call = call.with(ratio.getKey(), ratio.getValue().doubleValue());
        }
        return call.first();
    }
}
