package comfyserverless.testingnodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.prompt.PromptValidator;
import comfyserverless.contract.prompt.RefusedPrompt;
import comfyserverless.contract.prompt.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Recorded bodies with something in them replaced by something else are refused or accepted, never
/// anything worse.
class MutatedPromptsTest {
    private static final int MUTANTS_OF_EACH = 300;
    private static final List<JsonNode> STRANGE =
            List.of(
                            "null",
                            "true",
                            "0",
                            "-1",
                            "1e308",
                            "NaN",
                            "Infinity",
                            "1e999",
                            "\"\"",
                            "\"1\"",
                            "\"\\u0000\"",
                            "[]",
                            "{}",
                            "[\"1\",0]",
                            "[\"1\",-1]",
                            "[\"1\",1e30]",
                            "[\"1\",\"x\"]",
                            "[[],0]",
                            "[{},{}]",
                            "[null,null]",
                            "{\"__value__\":[]}",
                            "{\"__value__\":{\"__value__\":1}}",
                            "123456789012345678901234567890",
                            "{\"class_type\":7}",
                            "{\"class_type\":\"KSampler\"}",
                            "[[[[[[[[1]]]]]]]]")
                    .stream()
                    .map(Json::read)
                    .toList();

    private final Catalogue catalogue = catalogue();
    private final PromptValidator validator =
            new PromptValidator(catalogue, new PackValidators(List.of(new TestingPack())));

    @Test
    void a_mutated_prompt_is_answered() {
        Random random = new Random(64);
        int accepted = 0;
        int refused = 0;
        for (Recordings.Case recorded : Recordings.of("prompt")) {
            JsonNode body = recorded.json().at("/steps/0/request/json");
            for (int i = 0; body.isObject() && i < MUTANTS_OF_EACH; i++) {
                JsonNode mutant = mutate(body.deepCopy(), random);
                if (answer(mutant)) {
                    accepted++;
                } else {
                    refused++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(1000);
        assertThat(refused).isGreaterThan(1000);
    }

    /// Whether it is accepted; an answer of either kind must be printable.
    private boolean answer(JsonNode body) {
        try {
            PromptRequest request = PromptRequest.read(Json.writeBytes(body));
            Validation validation =
                    validator.validate(
                            request,
                            new PromptValidator.Surroundings(FolderLists.empty(), name -> true));
            return switch (validation) {
                case Validation.Valid valid -> {
                    assertThat(valid.outputs()).isNotEmpty();
                    assertThat(Json.write(valid.nodeErrors().json())).startsWith("{");
                    yield true;
                }
                case Validation.Invalid invalid -> {
                    assertThat(Json.write(invalid.json())).startsWith("{\"error\":{\"type\":");
                    yield false;
                }
            };
        } catch (RefusedPrompt e) {
            assertThat(e.answer().error().message()).isNotEmpty();
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("not answered: " + Json.write(body), e);
        }
    }

    private static JsonNode mutate(JsonNode body, Random random) {
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            List<Runnable> places = new ArrayList<>();
            JsonNode strange = STRANGE.get(random.nextInt(STRANGE.size()));
            collect(body, strange, random.nextInt(6) == 0, places);
            if (!places.isEmpty()) {
                places.get(random.nextInt(places.size())).run();
            }
        }
        return body;
    }

    private static void collect(
            JsonNode node, JsonNode strange, boolean remove, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                String name = field.getKey();
                places.add(
                        remove
                                ? () -> object.remove(name)
                                : () -> object.set(name, strange.deepCopy()));
                collect(field.getValue(), strange, remove, places);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                places.add(
                        remove
                                ? () -> array.remove(index)
                                : () -> array.set(index, strange.deepCopy()));
                collect(array.get(i), strange, remove, places);
            }
        }
    }

    private static Catalogue catalogue() {
        ObjectNode all = Json.object();
        all.setAll((ObjectNode) Recordings.data("object_info.json"));
        all.setAll((ObjectNode) Recordings.data("object_info-testing-nodes.json"));
        return Catalogue.of(all);
    }
}
