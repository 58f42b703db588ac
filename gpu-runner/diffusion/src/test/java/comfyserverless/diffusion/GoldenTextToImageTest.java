package comfyserverless.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticEmbeddings;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Noise;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The whole way from a prompt to pixels, for the workflows recorded through the real server, and what is in between.
class GoldenTextToImageTest {

    private static final String REQUESTS = "e2e/e2e";
    private static final String BETWEEN = "e2e/default_20steps_intermediates";
    private static final String EVALUATIONS = "e2e/default_20steps_evals";

    /// Of the values of a picture, how many may be one level off.
    private static final double NEARLY_ALL = 0.004;

    private static final Checkpoint CHECKPOINT =
            new Checkpoints(TestTorch.cpu(), new MemoryBudget(Path.of("/")), ClipPrecision.FP16)
                    .load(SyntheticModels.file("sd15"), ProgressListener.SILENT);
    private static final Map<String, Picture> PICTURES = new HashMap<>();

    /// What a workflow gives.
    private record Picture(HostTensor latent, HostTensor image) {}

    @AfterAll
    static void close() {
        CHECKPOINT.close();
        PICTURES.clear();
    }

    @TestFactory
    Stream<DynamicTest> prompts_become_the_recorded_pixels() {
        return requests()
                .flatMap(entry ->
                        images(entry)
                                .map(index ->
                                        DynamicTest.dynamicTest(
                                                entry.path("name").asText() + " " + index,
                                                () -> checkPixels(entry, index))));
    }

    @TestFactory
    Stream<DynamicTest> what_lies_between_is_as_recorded() {
        return Goldens.tensors(BETWEEN).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> checkBetween(golden, key))));
    }

    @TestFactory
    Stream<DynamicTest> the_network_is_asked_at_the_recorded_sigmas() {
        return Goldens.json(EVALUATIONS).stream()
                .filter(_ -> Goldens.includes(EVALUATIONS, "sigmas"))
                .map(recorded -> DynamicTest.dynamicTest("sigmas", () -> checkSigmas(recorded)));
    }

    private static Stream<JsonNode> requests() {
        return Goldens.json(REQUESTS).stream()
                .flatMap(root -> StreamSupport.stream(root.spliterator(), false))
                .filter(entry -> Goldens.includes(REQUESTS, entry.path("name").asText()));
    }

    private static JsonNode graph(String name) {
        for (JsonNode entry : Goldens.ownJson(REQUESTS)) {
            if (entry.path("name").asText().equals(name)) {
                return entry.path("request").path("prompt");
            }
        }
        throw new AssertionError("no request " + name);
    }

    private static Stream<Integer> images(JsonNode entry) {
        return Stream.iterate(0, i -> i < entry.path("images").size(), i -> i + 1);
    }

    private static void checkPixels(JsonNode entry, int index) {
        String name = entry.path("name").asText();
        byte[] png =
                Goldens.bytes("e2e/" + entry.path("images").get(index).path("file").asText())
                        .orElseThrow();
        HostTensor recorded = pixels(png);
        HostTensor images = picture(name, entry.path("request").path("prompt")).image();
        float[] actual = new float[recorded.data().length];
        System.arraycopy(images.data(), index * actual.length, actual, 0, actual.length);
        checkLevels(name, actual, recorded.data());
    }

    /// Every value within one level, nearly all exact.
    private static void checkLevels(String name, float[] image, float[] recorded) {
        int off = 0;
        for (int i = 0; i < recorded.length; i++) {
            int level = (int) Math.clamp(image[i] * 255f, 0f, 255f);
            int difference = Math.abs(level - (int) recorded[i]);
            assertThat(difference).as("%s: value %d", name, i).isLessThanOrEqualTo(1);
            off += difference;
        }
        assertThat(off / (double) recorded.length)
                .as("%s: share of values off", name)
                .isLessThanOrEqualTo(NEARLY_ALL);
    }

    private static void checkBetween(GoldenTensors golden, String key) {
        JsonNode graph = graph("default_20steps");
        HostTensor recorded = golden.tensor(key);
        switch (key) {
            case "cond_pos" ->
                    Agreement.assertAgrees(key, encode(graph, "positive").hidden(), recorded, 1e-5);
            case "cond_neg" ->
                    Agreement.assertAgrees(key, encode(graph, "negative").hidden(), recorded, 1e-5);
            case "noise" ->
                    assertThat(Noise.of(sampler(graph).path("seed").longValue(), recorded.shape()))
                            .isEqualTo(recorded);
            case "latent" ->
                    Agreement.assertAgrees(
                            key, picture("default_20steps", graph).latent(), recorded, 1e-4);
            case "image_uint8" ->
                    checkLevels(
                            key, picture("default_20steps", graph).image().data(), recorded.data());
            default -> // the decoded picture, with or without its batch dimension
                    assertThat(
                                    Agreement.difference(
                                            picture("default_20steps", graph).image().data(),
                                            recorded.data()))
                            .as(key)
                            .isLessThanOrEqualTo(1e-4);
        }
    }

    private static void checkSigmas(JsonNode recorded) {
        SampleRequest asked = request(graph("default_20steps"));
        float[] sigmas = Sampling.sigmas(asked.model().sampling(), asked.plan()).toArray();
        for (int i = 0; i < recorded.size(); i++) {
            double wanted = recorded.get(i).get(0).doubleValue();
            assertThat(Math.abs(sigmas[i] - wanted) / wanted)
                    .as("sigma %d", i)
                    .isLessThanOrEqualTo(2e-6);
        }
        assertThat(sigmas).hasSize(recorded.size() + 1);
    }

    private static Picture picture(String name, JsonNode graph) {
        return PICTURES.computeIfAbsent(name, _ -> draw(graph));
    }

    private static Picture draw(JsonNode graph) {
        HostTensor latent = Sampling.sample(request(graph), StepListener.NONE);
        return new Picture(latent, CHECKPOINT.vae().orElseThrow().decode(latent));
    }

    private static SampleRequest request(JsonNode graph) {
        JsonNode sampler = sampler(graph);
        JsonNode size = graph.path(sampler.path("latent_image").get(0).asText()).path("inputs");
        HostTensor empty =
                HostTensor.zeros(
                        size.path("batch_size").longValue(),
                        4,
                        size.path("height").longValue() / 8,
                        size.path("width").longValue() / 8);
        return new SampleRequest(
                CHECKPOINT.model(),
                new SampleRequest.Prompting(
                        List.of(conditioning(graph, "positive")),
                        List.of(conditioning(graph, "negative")),
                        sampler.path("cfg").doubleValue()),
                SampleRequest.Latent.of(empty),
                sampler.path("seed").longValue(),
                SampleRequest.Plan.all(
                        sampler.path("sampler_name").asText(),
                        Scheduler.named(sampler.path("scheduler").asText()),
                        sampler.path("steps").intValue(),
                        sampler.path("denoise").doubleValue()));
    }

    private static JsonNode sampler(JsonNode graph) {
        for (JsonNode node : graph) {
            if (node.path("class_type").asText().equals("KSampler")) {
                return node.path("inputs");
            }
        }
        throw new AssertionError("a graph without a KSampler");
    }

    private static Conditioning conditioning(JsonNode graph, String input) {
        PromptEncoding encoding = encode(graph, input);
        return Conditioning.of(encoding.hidden(), encoding.pooled());
    }

    private static PromptEncoding encode(JsonNode graph, String input) {
        String node = sampler(graph).path(input).get(0).asText();
        String text = graph.path(node).path("inputs").path("text").asText();
        return CHECKPOINT
                .clip()
                .encode(Prompt.of(text), OptionalInt.empty(), new SyntheticEmbeddings());
    }

    private static HostTensor pixels(byte[] png) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
            float[] out = new float[image.getWidth() * image.getHeight() * 3];
            for (int i = 0; i < out.length / 3; i++) {
                int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
                out[3 * i] = rgb >> 16 & 0xff;
                out[3 * i + 1] = rgb >> 8 & 0xff;
                out[3 * i + 2] = rgb & 0xff;
            }
            return new HostTensor(out, image.getHeight(), image.getWidth(), 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
