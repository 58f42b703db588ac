package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.DialectId;
import comfyserverless.contract.conformance.DocumentedAnswers;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.conformance.Sample;
import comfyserverless.contract.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What /openapi.json says of bodies and answers is true of the real server's, as recorded.
class DocumentedShapesTest {
    private static final String REFERENCE = "#/components/schemas/";

    private final JsonNode document =
            TestServer.json(new TestServer().call("GET", "/openapi.json", new byte[0]));
    private final DocumentedAnswers documented = new DocumentedAnswers(document);

    @Test
    void recorded_answers_and_bodies_have_the_shapes_that_it_says() {
        List<String> wrongs = new ArrayList<>();
        int answers = 0;
        int bodies = 0;
        for (Recordings.Case recorded : Recordings.all()) {
            for (JsonNode step : recorded.json().path("steps")) {
                JsonNode request = step.path("request");
                JsonNode expected = step.path("expect");
                if (!request.has("path") || expected.path("status").asInt() != 200) {
                    continue;
                }
                String method = request.path("method").asText();
                String path = request.path("path").asText();
                Optional<JsonNode> answer =
                        isWhole(expected) ? Sample.of(expected.path("json")) : Optional.empty();
                answers +=
                        note(
                                recorded,
                                answer.flatMap(a -> documented.wrongsOfAnswer(method, path, a)),
                                wrongs);
                if (request.has("json")) {
                    JsonNode body = request.path("json");
                    bodies += note(recorded, documented.wrongsOfBody(method, path, body), wrongs);
                }
            }
        }
        assertThat(wrongs).isEmpty();
        assertThat(answers).isGreaterThan(300);
        assertThat(bodies).isGreaterThan(200);
    }

    /// Whether the answer was recorded as it came, not only its order or names.
    private static boolean isWhole(JsonNode expected) {
        List<String> transforms = new ArrayList<>();
        expected.path("transform").forEach(t -> transforms.add(t.asText()));
        return expected.has("json") && List.of("facts", "sort").containsAll(transforms);
    }

    private static int note(
            Recordings.Case recorded, Optional<List<String>> found, List<String> wrongs) {
        found.ifPresent(all -> all.forEach(wrong -> wrongs.add(recorded + ": " + wrong)));
        return found.isPresent() ? 1 : 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"object_info.json", "object_info-testing-nodes.json"})
    void every_recorded_node_has_the_shape_that_it_says(String file) {
        assertThat(documented.wrongsOf("Nodes", Recordings.data(file))).isEmpty();
    }

    @Test
    void a_wrong_answer_is_noticed() {
        assertThat(documented.wrongsOfAnswer("GET", "/queue", queue("[1]")).orElseThrow())
                .isNotEmpty();
        assertThat(documented.wrongsOfAnswer("GET", "/api/queue", queue("")).orElseThrow())
                .isEmpty();
    }

    private static JsonNode queue(String running) {
        return Json.read("{\"queue_running\":[" + running + "],\"queue_pending\":[]}");
    }

    @Test
    void every_shape_is_a_schema_and_every_reference_leads_to_one() {
        JsonNode schemas = document.at("/components/schemas");
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        List<String> used = new ArrayList<>();
        document.findValuesAsText("$ref")
                .forEach(ref -> used.add(ref.substring(REFERENCE.length())));
        schemas.properties()
                .forEach(schema -> {
                    assertThat(
                                    registry.getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12))
                                            .validate(
                                                    schema.getValue().toString(), InputFormat.JSON))
                            .as(schema.getKey())
                            .isEmpty();
                });
        assertThat(used).allSatisfy(name -> assertThat(schemas.has(name)).as(name).isTrue());
    }

    @Test
    void every_json_answer_of_the_server_has_a_shape() {
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                JsonNode json = operation.at("/responses/200/content/application~1json");
                if (!json.isMissingNode()) {
                    assertThat(json.has("schema"))
                            .as(operation.path("operationId").asText())
                            .isTrue();
                }
            }
        }
    }
}
