package comfyserverless.testingnodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.prompt.PromptValidator;
import comfyserverless.contract.prompt.RefusedPrompt;
import comfyserverless.contract.prompt.Validation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every POST /prompt of the recordings is judged as the real server judged it.
class RecordedPromptsTest {
    private static final Catalogue CATALOGUE = catalogue();
    private static final PromptValidator VALIDATOR =
            new PromptValidator(CATALOGUE, new PackValidators(List.of(new TestingPack())));

    static Stream<Recordings.Case> cases() {
        return Recordings.of("prompt").stream().filter(c -> !c.is("quirk"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_answer_is_the_recorded_one(Recordings.Case recorded) {
        for (JsonNode step : recorded.json().path("steps")) {
            JsonNode request = step.path("request");
            if (request.path("method").asText().equals("POST")
                    && request.path("path").asText().equals("/prompt")) {
                compare(request, step.path("expect"));
            }
        }
    }

    private static void compare(JsonNode request, JsonNode expected) {
        byte[] body =
                request.has("text")
                        ? request.path("text")
                                .asText()
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                        : Json.writeBytes(request.path("json"));
        Answer answer = answer(body);
        if (expected.path("status").asInt() == 500) {
            assertThat(answer.status())
                    .as("a 500 of the recording is a 400 with an error")
                    .isEqualTo(400);
            assertThat(answer.json().has("error")).isTrue();
            return;
        }
        assertThat(answer.status())
                .as(answer.json().toString())
                .isEqualTo(expected.path("status").asInt());
        if (answer.status() == 400) {
            assertThat(Expected.difference(expected.path("json"), Recordings.facts(answer.json())))
                    .isEmpty();
        } else {
            JsonNode errors = Recordings.facts(answer.json().path("node_errors"));
            assertThat(Expected.difference(expected.path("json").path("node_errors"), errors))
                    .isEmpty();
            assertGivenValuesComeBack(request.path("json"), expected.path("json"));
        }
    }

    private static void assertGivenValuesComeBack(JsonNode sent, JsonNode expected) {
        PromptRequest request = PromptRequest.read(Json.writeBytes(sent));
        if (sent.has("prompt_id")) {
            assertThat(request.promptId()).isNotNull();
            if (!expected.path("prompt_id").asText().startsWith("${")) {
                assertThat(request.promptId()).isEqualTo(expected.path("prompt_id").asText());
            }
        }
        if (expected.path("number").isNumber()) {
            assertThat(request.numberOr(77)).isEqualTo(expected.path("number").doubleValue());
        }
    }

    private record Answer(int status, ObjectNode json) {}

    private static Answer answer(byte[] body) {
        PromptRequest request;
        try {
            request = PromptRequest.read(body);
        } catch (RefusedPrompt e) {
            return new Answer(400, e.answer().json());
        }
        return switch (VALIDATOR.validate(
                request, new PromptValidator.Surroundings(FolderLists.empty(), name -> false))) {
            case Validation.Valid valid -> {
                ObjectNode json = Json.object();
                json.set("node_errors", valid.nodeErrors().json());
                yield new Answer(200, json);
            }
            case Validation.Invalid invalid -> new Answer(400, invalid.json());
        };
    }

    private static Catalogue catalogue() {
        ObjectNode all = Json.object();
        all.setAll((ObjectNode) Recordings.data("object_info.json"));
        all.setAll((ObjectNode) Recordings.data("object_info-testing-nodes.json"));
        return Catalogue.of(all);
    }
}
