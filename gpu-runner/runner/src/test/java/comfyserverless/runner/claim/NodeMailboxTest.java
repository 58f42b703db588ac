package comfyserverless.runner.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.runner.recorded.RunnerStage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a client posts reaches the node that waits for it.
class NodeMailboxTest {
    private final WaitNode waiting = new WaitNode();
    private final RunnerStage stage = new RunnerStage(List.of(waiting), Duration.ofSeconds(60));

    @AfterEach
    void close() {
        stage.close();
    }

    private JobKey submit(String promptId) {
        ObjectNode request = Json.object().put("client_id", "me");
        ObjectNode node = request.putObject("prompt").putObject("7");
        node.put("class_type", "Wait").putObject("inputs").put("name", promptId);
        return stage.submit(promptId, request);
    }

    private int send(Letter letter) {
        return stage.ports().ports().mailbox().send(RunnerStage.TENANT, letter);
    }

    private static Letter letter(String text) {
        return Letter.toNode("7", TextNode.valueOf(text));
    }

    private JobResult ended(JobKey key) {
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.history(key).isPresent());
        return stage.history(key).orElseThrow().result();
    }

    private JsonNode shown(JobKey key) {
        return ended(key).outputs().path("7").path("text");
    }

    @Test
    void a_waiting_node_goes_on_soon_after_the_message() throws Exception {
        stage.startRunner("first");
        JobKey key = submit("p");
        waiting.awaitEntered();
        long sent = System.nanoTime();
        assertThat(send(letter("go on"))).isEqualTo(1);
        assertThat(shown(key)).containsExactly(TextNode.valueOf("go on"));
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void messages_posted_before_the_node_reads_are_there_in_order() {
        JobKey key = submit("p");
        assertThat(send(letter("one").inPrompt("p"))).isEqualTo(1);
        assertThat(send(letter("two").inPrompt("p"))).isEqualTo(1);
        stage.startRunner("first");
        assertThat(shown(key)).containsExactly(TextNode.valueOf("one"), TextNode.valueOf("two"));
    }

    @Test
    void a_message_to_the_class_reaches_its_next_run() {
        assertThat(send(Letter.toClass("Wait", TextNode.valueOf("whoever")))).isZero();
        stage.startRunner("first");
        assertThat(shown(submit("p"))).containsExactly(TextNode.valueOf("whoever"));
    }

    @Test
    void an_interrupt_ends_the_wait() throws Exception {
        stage.startRunner("first");
        JobKey key = submit("p");
        waiting.awaitEntered();
        assertThat(stage.ports().jobs().interrupt(key)).isTrue();
        assertThat(ended(key).end()).isEqualTo(JobResult.End.INTERRUPTED);
    }

    @Test
    void a_node_that_waits_too_long_fails_and_says_so() {
        stage.startRunner("first");
        JobResult result = ended(submit("p"));
        assertThat(result.end()).isEqualTo(JobResult.End.ERROR);
        JsonNode error = result.messages().get(2).path(1);
        assertThat(error.path("exception_type").asText()).isEqualTo("TimeoutError");
        assertThat(error.path("exception_message").asText())
                .startsWith("Node 7 (Wait) waited 3 s for a message that nobody sent");
    }
}
