package comfyserverless.runner.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.prompt.AskedLater;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.prompt.PromptValidator;
import comfyserverless.contract.prompt.Validation;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.TestNodes;
import comfyserverless.runner.recorded.RunnerStage;
import comfyserverless.testingnodes.TestingNodes;
import comfyserverless.testingnodes.TestingPack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Prompts whose nodes validate inputs themselves, by functions that have the pack and by others that know
/// no more of it than runners publish.
class LateValidationTest {
    /// A value above the node's own limit, at one of two outputs.
    private static final String REFUSED =
            """
            {"client_id": "me", "prompt": {
              "1": {"class_type": "TestAsyncValidation", "inputs": {"value": 15, "threshold": 10.0}},
              "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}}
            """;

    private static final String PARTLY_REFUSED =
            REFUSED.replace(
                    "\"prompt\": {",
                    "\"prompt\": {\"3\": {\"class_type\": \"PreviewAny\", \"inputs\": {\"source\": \"fine\"}},");

    private final List<Node> nodes = new ArrayList<>(TestNodes.core());
    private final PackValidators pack = new PackValidators(List.of(new TestingPack()));
    private final Catalogue catalogue;
    private final RunnerStage stage;
    private final String socket;

    LateValidationTest() {
        nodes.addAll(new TestingNodes().nodes());
        List<NodeDefinition> all = nodes.stream().map(Node::definition).toList();
        catalogue = Catalogue.read(Catalogue.of(all).validating(pack.described()).gzip());
        stage = new RunnerStage(nodes, Duration.ofSeconds(60)).having(nodes, pack::ofPack);
        socket = stage.connect("me");
        stage.startRunner("only");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Validation validated(
            String request, Function<String, Optional<NodeValidator>> validators) {
        return new PromptValidator(catalogue, validators)
                .validate(
                        PromptRequest.read(
                                request.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        new PromptValidator.Surroundings(FolderLists.empty(), name -> false));
    }

    private Optional<NodeValidator> withoutPack(String className) {
        return Optional.ofNullable(catalogue.validated().get(className)).map(AskedLater::new);
    }

    private JobResult ran(String request) {
        Validation.Valid valid = (Validation.Valid) validated(request, this::withoutPack);
        ObjectNode queued = (ObjectNode) Json.read(request);
        queued.set("prompt", valid.prompt());
        JobKey key = stage.submit("p", queued, valid.outputs());
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.isOver(socket, "p"));
        return stage.history(key).orElseThrow().result();
    }

    private List<JsonNode> errors() {
        return stage.posted(socket).stream()
                .filter(message -> message.path("type").asText().equals("execution_error"))
                .map(message -> message.path("data"))
                .toList();
    }

    @Test
    void a_refusal_on_the_runner_reads_as_the_one_of_post_prompt() {
        Validation.Invalid refused = (Validation.Invalid) validated(REFUSED, pack);
        List<String> lines = new ArrayList<>();
        refused.json()
                .at("/node_errors/1/errors")
                .forEach(e ->
                        lines.add(e.path("message").asText() + ": " + e.path("details").asText()));
        JobResult result = ran(REFUSED);
        assertThat(result.end()).isEqualTo(JobResult.End.ERROR);
        JsonNode error = errors().getFirst();
        assertThat(error.path("exception_message").asText())
                .isEqualTo(String.join("\n", lines))
                .contains("Value 15.0 exceeds threshold 10.0");
        assertThat(error.path("exception_type").asText()).isEqualTo("custom_validation_failed");
        assertThat(error.path("node_id").asText()).isEqualTo("1");
        assertThat(error.path("node_type").asText()).isEqualTo("TestAsyncValidation");
    }

    @Test
    void what_depends_on_no_refused_node_runs_and_the_refusal_is_told() {
        JobResult result = ran(PARTLY_REFUSED);
        assertThat(result.end()).isEqualTo(JobResult.End.SUCCESS);
        assertThat(result.outputs().at("/3/text/0").asText()).isEqualTo("fine");
        assertThat(errors()).hasSize(1);
        assertThat(errors().getFirst().path("node_id").asText()).isEqualTo("1");
        assertThat(result.messages().toString()).contains("custom_validation_failed");
    }

    @Test
    void what_the_validator_allows_runs() {
        assertThat(ran(REFUSED.replace("15", "5.5")).end()).isEqualTo(JobResult.End.SUCCESS);
        assertThat(errors()).isEmpty();
    }

    @Test
    void inputs_that_a_validator_checks_have_no_limits_where_the_pack_is_missing() {
        String beyond =
                """
                {"prompt": {
                  "1": {"class_type": "TestCustomValidation5",
                        "inputs": {"input1": 1e9, "input2": -1e9}},
                  "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}}
                """;
        assertThat(validated(beyond, this::withoutPack)).isInstanceOf(Validation.Valid.class);
        assertThat(validated(beyond, _ -> Optional.empty())).isInstanceOf(Validation.Invalid.class);
    }
}
