package comfyserverless.runner.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobStatus;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.TestNodes;
import comfyserverless.runner.recorded.Loss;
import comfyserverless.runner.recorded.RunnerStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to a job when its runner stops, is too slow, or meets a bad prompt.
class RunnerLifecycleTest {
    private final GateNode gate = new GateNode();
    private final RunnerStage stage = stage(Duration.ofSeconds(60));

    private RunnerStage stage(Duration lease) {
        List<Node> nodes = new ArrayList<>(TestNodes.core());
        nodes.add(gate);
        nodes.add(new PoisonNode());
        return new RunnerStage(nodes, lease);
    }

    @AfterEach
    void close() {
        gate.open();
        stage.close();
    }

    private static ObjectNode prompt(String classType, String input, String value) {
        ObjectNode request = Json.object().put("client_id", "me");
        ObjectNode node = request.putObject("prompt").putObject("1");
        node.put("class_type", classType).putObject("inputs").put(input, value);
        return request;
    }

    private JobStatus status(JobKey key) {
        return stage.ports().jobs().status(key).orElseThrow();
    }

    private JobResult ended(JobKey key) {
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.history(key).isPresent());
        return stage.history(key).orElseThrow().result();
    }

    private List<String> types(String connection) {
        return stage.posted(connection).stream().map(m -> m.path("type").asText()).toList();
    }

    @Test
    void a_runner_that_closes_gives_its_job_back_at_once() throws Exception {
        RunnerLoop runner = stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("Gate", "name", "a"));
        gate.awaitEntered();
        assertThat(status(key)).isEqualTo(JobStatus.RUNNING);
        long began = System.nanoTime();
        runner.close();
        assertThat(status(key)).isEqualTo(JobStatus.PENDING);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("far below a lease, whatever else the machine does")
                .isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_job_given_back_runs_to_its_end_on_another_runner() throws Exception {
        String connection = stage.connect("me");
        RunnerLoop runner = stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("Gate", "name", "a"));
        gate.awaitEntered();
        runner.close();
        stage.startRunner("second");
        await().until(() -> gate.runs() == 2);
        gate.open();
        assertThat(ended(key).end()).isEqualTo(JobResult.End.SUCCESS);
        await().until(() -> stage.isOver(connection, "p"));
        assertThat(types(connection).stream().filter("execution_success"::equals)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"CLAIM", "START"})
    void a_call_without_answer_does_not_leave_its_job_to_the_end_of_the_lease(Loss loss) {
        stage.lose(loss);
        stage.lose(Loss.GIVE_BACK_ALL);
        stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("PreviewAny", "source", "fine"));
        assertThat(ended(key).end()).isEqualTo(JobResult.End.SUCCESS);
    }

    @Test
    void a_heart_that_stumbles_beats_on() throws Exception {
        try (RunnerStage brief = stage(Duration.ofSeconds(3))) {
            brief.lose(Loss.HEARTBEAT);
            brief.startRunner("first");
            JobKey key = brief.submit("p", prompt("Gate", "name", "a"));
            gate.awaitEntered();
            Instant claimed = Instant.now();
            await().until(() -> Instant.now().isAfter(claimed.plusSeconds(4)));
            gate.open();
            await().atMost(Duration.ofSeconds(10)).until(() -> brief.history(key).isPresent());
        }
    }

    @Test
    void nothing_of_a_lost_job_is_written_or_sent() throws Exception {
        String connection = stage.connect("me");
        stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("Gate", "name", "a"));
        gate.awaitEntered();
        stage.takeAway(key);
        await().atMost(Duration.ofMinutes(1)).until(stage::isIdle);
        assertThat(stage.history(key)).isEmpty();
        assertThat(types(connection)).doesNotContain("executed", "execution_success");
    }

    @Test
    void an_interrupted_job_says_so_and_ends() throws Exception {
        String connection = stage.connect("me");
        stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("Gate", "name", "a"));
        gate.awaitEntered();
        assertThat(stage.ports().jobs().interrupt(key)).isTrue();
        assertThat(ended(key).end()).isEqualTo(JobResult.End.INTERRUPTED);
        await().until(() -> stage.isOver(connection, "p"));
        assertThat(types(connection))
                .containsSubsequence("execution_interrupted", "status", "executing");
        JsonNode message = ended(key).messages().get(2);
        assertThat(message.path(0).asText()).isEqualTo("execution_interrupted");
        assertThat(message.path(1).path("node_type").asText()).isEqualTo("Gate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "null", "memory", "deep", "newer", "broken"})
    void a_node_that_fails_ends_its_job_and_the_next_one_runs(String how) {
        stage.startRunner("first");
        JobKey bad = stage.submit("bad", prompt("Poison", "how", how));
        JobKey good = stage.submit("good", prompt("PreviewAny", "source", "fine"));
        assertThat(ended(bad).end()).isEqualTo(JobResult.End.ERROR);
        JsonNode error = ended(bad).messages().get(2).path(1);
        assertThat(error.path("node_id").asText()).isEqualTo("1");
        assertThat(error.path("current_inputs").path("how").path(0).asText()).isEqualTo(how);
        assertThat(error.path("traceback")).isNotEmpty();
        assertThat(ended(good).end()).isEqualTo(JobResult.End.SUCCESS);
    }

    @Test
    void a_node_of_a_pack_for_another_version_says_what_to_do() {
        stage.startRunner("first");
        JobKey key = stage.submit("p", prompt("Poison", "how", "newer"));
        JsonNode error = ended(key).messages().get(2).path(1);
        assertThat(error.path("exception_type").asText()).isEqualTo("NoSuchMethodError");
        assertThat(error.path("exception_message").asText())
                .contains("Image.newer()", "build it anew against this version");
    }

    @Test
    void a_class_that_the_runner_lacks_ends_the_job_with_its_name() {
        stage.startRunner("first");
        JobKey bad = stage.submitUnchecked("bad", prompt("NotHere", "x", "y"), List.of("1"));
        assertThat(ended(bad).end()).isEqualTo(JobResult.End.ERROR);
        assertThat(ended(bad).messages().toString()).contains("NotHere");
        JobKey good = stage.submit("good", prompt("PreviewAny", "source", "fine"));
        assertThat(ended(good).end()).isEqualTo(JobResult.End.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GIF89a", "\u0089PNG\r\n\u001a\n", "\u00ff\u00d8\u00ff\u00e0junk"})
    void a_picture_that_is_none_is_named_in_the_error(String bytes) {
        FileRef ref = new FileRef(FileType.INPUT, "", "bad.png");
        byte[] file = bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        stage.ports().files().put(RunnerStage.TENANT, ref, file);
        stage.startRunner("first");
        ObjectNode request = prompt("LoadImage", "image", "bad.png");
        ObjectNode preview = ((ObjectNode) request.get("prompt")).putObject("2");
        preview.put("class_type", "PreviewImage")
                .putObject("inputs")
                .putArray("images")
                .add("1")
                .add(0);
        JobKey key = stage.submit("p", request);
        assertThat(ended(key).end()).isEqualTo(JobResult.End.ERROR);
        JsonNode error = ended(key).messages().get(2).path(1);
        assertThat(error.path("exception_message").asText()).contains("bad.png");
    }

    @Test
    void a_client_that_comes_back_is_told_what_it_missed() throws Exception {
        String first = stage.connect("me");
        stage.startRunner("first");
        ObjectNode request = prompt("Gate", "name", "a");
        ObjectNode early = ((ObjectNode) request.get("prompt")).putObject("0");
        early.put("class_type", "PreviewAny").putObject("inputs").put("source", "early");
        stage.submit("p", request);
        gate.awaitEntered();
        await().until(() -> types(first).contains("executing"));
        stage.ports().post().close(first);
        stage.ports().connections().disconnected(first);
        String second = stage.connect("me");
        await().atMost(Duration.ofMinutes(1)).until(() -> !stage.posted(second).isEmpty());
        gate.open();
        await().until(() -> stage.isOver(second, "p"));
        assertThat(types(second)).contains("executed", "progress_state", "execution_success");
        assertThat(
                        stage.posted(second).stream()
                                .filter(m -> m.path("type").asText().equals("executed"))
                                .map(m -> m.path("data").path("node").asText()))
                .contains("1");
    }

    @Test
    void a_prompt_without_client_is_seen_by_others_as_progress_only() throws Exception {
        String other = stage.connect("somebody");
        stage.startRunner("first");
        ObjectNode request = prompt("Gate", "name", "a");
        request.remove("client_id");
        JobKey key = stage.submit("p", request);
        await().until(() -> types(other).contains("progress"));
        gate.open();
        ended(key);
        await().until(() -> types(other).stream().filter("status"::equals).count() == 2);
        assertThat(types(other)).containsOnly("status", "progress", "progress_state");
    }
}
