package comfyserverless.runner.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The nodes give what ComfyUI 0.3.64 gave for small pictures, masks and latents with odd sizes, batches and
/// channels (`recorded.json`).
class RecordedNodesTest {
    private static final float CLOSE = 2e-5f;

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = RecordedNodesTest.class.getResourceAsStream("/nodes/recorded.json")) {
            return StreamSupport.stream(Json.readStored(in.readAllBytes()).spliterator(), false)
                    .map(c -> Arguments.of(name(c), c));
        }
    }

    private static String name(JsonNode example) {
        StringBuilder name = new StringBuilder(example.get("node").textValue());
        example.get("inputs")
                .properties()
                .forEach(e ->
                        name.append(' ')
                                .append(e.getKey())
                                .append('=')
                                .append(
                                        e.getValue().path("shape").isMissingNode()
                                                ? e.getValue()
                                                : e.getValue().path("shape")));
        return name.length() > 200 ? name.substring(0, 200) : name.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_node_gives_what_comfyui_gave(String name, JsonNode example) throws Exception {
        Call call = Call.of(example.get("node").textValue());
        for (Map.Entry<String, JsonNode> input : example.get("inputs").properties()) {
            call = call.with(input.getKey(), input(input.getValue()));
        }
        if (example.has("operation")) {
            call = call.with("operation", operation(example.get("operation")));
        }
        List<Value> outputs = call.run().values();
        List<JsonNode> wanted = list(example.get("outputs"));
        assertThat(outputs).hasSameSizeAs(wanted);
        for (int i = 0; i < outputs.size(); i++) {
            compare(outputs.get(i), wanted.get(i));
        }
    }

    private static Value operation(JsonNode operation) throws Exception {
        Call call = Call.of(operation.get("node").textValue());
        for (Map.Entry<String, JsonNode> input : operation.get("inputs").properties()) {
            call = call.with(input.getKey(), input.getValue());
        }
        return call.first();
    }

    /// Lists are what nodes with whole lists are given.
    private static Object input(JsonNode json) {
        return json.isArray() || json.path("kind").asText().equals("many")
                ? new Value.Many(
                        list(json.isArray() ? json : json.get("items")).stream()
                                .map(RecordedNodesTest::value)
                                .toList())
                : value(json);
    }

    private static Value value(JsonNode json) {
        int[] shape = new int[json.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = json.get("shape").get(i).intValue();
        }
        return switch (json.path("kind").asText()) {
            case "image" -> new Image(numbers(json), shape[0], shape[1], shape[2], shape[3]);
            case "mask" -> new Mask(numbers(json), shape[0], shape[1], shape[2]);
            case "latent" -> {
                List<Integer> places = new ArrayList<>();
                json.path("places").forEach(p -> places.add(p.intValue()));
                Mask mask = json.has("mask") ? (Mask) value(json.get("mask")) : null;
                yield new Latent(
                        numbers(json), shape[0], shape[1], shape[2], shape[3], mask, places);
            }
            default -> new Value.Json(json);
        };
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static float[] numbers(JsonNode json) {
        float[] numbers = new float[json.get("data").size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = json.get("data").get(i).floatValue();
        }
        return numbers;
    }

    private static void compare(Value actual, JsonNode json) {
        if (actual instanceof Value.Many many) {
            List<JsonNode> wanted = list(json.isArray() ? json : json.get("items"));
            assertThat(many.items()).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                compare(many.items().get(i), wanted.get(i));
            }
            return;
        }
        Value wanted = value(json);
        assertThat(actual.toString()).isEqualTo(wanted.toString());
        float[] data = GoldenNumbers.data(wanted);
        float most = CLOSE * Math.max(1, GoldenNumbers.largest(data));
        assertThat(GoldenNumbers.shareBeyond(GoldenNumbers.data(actual), data, most)).isZero();
        if (actual instanceof Latent latent && wanted instanceof Latent recorded) {
            assertThat(latent.batchIndex()).isEqualTo(recorded.batchIndex());
            assertThat(latent.noiseMask() == null).isEqualTo(recorded.noiseMask() == null);
        }
    }
}
