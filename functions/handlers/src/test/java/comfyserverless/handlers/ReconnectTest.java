package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client that comes back under its id.
class ReconnectTest {
    private final TestServer server = new TestServer();
    private Claim claim;

    @BeforeEach
    void run() {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"p\",\"client_id\":\"a\""));
        claim = server.memory.claims().claim("own").orElseThrow();
        server.memory.claims().start(claim);
    }

    private void log(Event... events) {
        EventLog log = server.ports.eventLog();
        for (Event event : events) {
            long seq = log.read(claim.key()).size();
            log.append(
                    claim.key(), claim.fence(), new EventLog.Logged(seq, EventJson.write(event)));
        }
    }

    private static Event executed(String node) {
        return new Event.Executed("p", node, node, Json.object());
    }

    private Event.ExecutionSuccess success() {
        return new Event.ExecutionSuccess("p", server.clock.millis());
    }

    private void finish(JobResult.End end) {
        server.memory.claims().finish(claim, result(end));
    }

    private static JobResult result(JobResult.End end) {
        return new JobResult(end, Json.object(), Json.mapper().createArrayNode(), Json.object());
    }

    private static String node(JsonNode message) {
        return message.at("/data/node").asText();
    }

    @Test
    void it_hears_which_node_runs_and_what_was_executed_so_far() {
        log(
                new Event.ExecutionStart("p", 1),
                new Event.Executing("1", "1", "p"),
                executed("1"),
                new Event.Executing("2.0.1", "2", "p"));
        server.connect("A", "a");
        assertThat(server.types("A")).containsExactly("status", "executing", "executed");
        assertThat(server.messages("A").get(1).toString())
                .isEqualTo("{\"type\":\"executing\",\"data\":{\"node\":\"2\"}}");
        Connection known = server.ports.connections().find("default", "a").orElseThrow();
        assertThat(known.resumed()).containsExactly(new Connection.Resumed("p", claim.fence(), 3));
    }

    @Test
    void the_end_of_a_run_that_is_on_its_way_is_left_to_the_runner() {
        log(new Event.Executing("1", "1", "p"), executed("1"), success());
        server.connect("A", "a");
        assertThat(server.types("A")).containsExactly("status", "executing", "executed");
        assertThat(server.ports.connections().find("default", "a").orElseThrow().resumed())
                .containsExactly(new Connection.Resumed("p", claim.fence(), 1));
    }

    @Test
    void it_hears_once_how_a_prompt_ended_that_ended_while_it_was_away() {
        log(
                new Event.Executing("1", "1", "p"),
                executed("1"),
                success(),
                new Event.Executing(null, null, "p"));
        finish(JobResult.End.SUCCESS);
        server.ports.missed().add("default", "a", "p");
        server.connect("A", "a");
        assertThat(server.types("A"))
                .containsExactly("status", "executed", "execution_success", "executing");
        server.connect("B", "a");
        assertThat(server.types("B")).containsExactly("status");
    }

    @Test
    void a_socket_that_is_gone_at_once_leaves_the_note_for_the_next() {
        log(executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.connect("A", "a");
        server.ports.missed().add("default", "a", "p");
        server.memory.post().close("A");
        Connection gone = server.ports.connections().find("default", "a").orElseThrow();
        server.replay().to(gone);
        assertThat(server.ports.missed().of("default", "a")).containsExactly("p");
    }

    @Test
    void what_was_sent_just_before_a_socket_broke_is_sent_again() {
        server.connect("A", "a");
        log(executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.clock.advance(Duration.ofSeconds(1));
        server.breakOff("A");
        server.connect("B", "a");
        assertThat(server.types("B")).containsExactly("status", "executed", "execution_success");
    }

    @Test
    void a_newer_socket_that_was_greeted_before_the_older_broke_is_told_too() {
        server.connect("A", "a");
        log(executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.clock.advance(Duration.ofMillis(300));
        server.connect("B", "a");
        server.breakOff("A");
        assertThat(server.types("B")).containsExactly("status", "executed", "execution_success");
    }

    @Test
    void a_newer_socket_that_had_heard_the_end_does_not_hear_it_again() {
        server.connect("A", "a");
        server.clock.advance(Duration.ofSeconds(1));
        server.connect("B", "a");
        server.clock.advance(Duration.ofMillis(2100));
        log(executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.breakOff("A");
        assertThat(server.types("B")).containsExactly("status");
        server.breakOff("B");
        server.connect("C", "a");
        assertThat(server.types("C")).containsExactly("status", "executed", "execution_success");
    }

    @Test
    void a_newer_socket_that_was_there_when_the_run_began_does_not_hear_the_end_again() {
        server.connect("A", "a");
        server.connect("B", "a");
        server.clock.advance(Duration.ofMillis(1100));
        log(new Event.ExecutionStart("p", server.clock.millis()), executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.breakOff("A");
        assertThat(server.types("B")).containsExactly("status");
    }

    @Test
    void a_client_that_hears_one_end_a_socket_hears_of_all_in_the_end() {
        List<String> ended = List.of("x", "y", "z");
        for (String promptId : ended) {
            EventLog.Logged end =
                    new EventLog.Logged(
                            0, EventJson.write(new Event.ExecutionSuccess(promptId, 1)));
            server.ports.eventLog().append(new JobKey("default", promptId), 1, end);
            server.ports.missed().add("default", "a", promptId);
            server.clock.advance(Duration.ofMillis(1));
        }
        List<String> heard = new ArrayList<>();
        for (String socket : List.of("A", "B", "C")) {
            server.connect(socket, "a");
            JsonNode first =
                    server.messages(socket).stream()
                            .filter(m -> m.path("type").asText().equals("execution_success"))
                            .findFirst()
                            .orElseThrow();
            heard.add(first.at("/data/prompt_id").asText());
            server.clock.advance(Duration.ofMillis(20));
            server.breakOff(socket);
        }
        assertThat(heard).containsExactlyElementsOf(ended);
    }

    @Test
    void a_socket_that_was_closed_or_broke_later_missed_nothing() {
        server.connect("A", "a");
        log(executed("1"), success());
        finish(JobResult.End.SUCCESS);
        server.disconnect("A");
        server.connect("B", "a");
        assertThat(server.types("B")).containsExactly("status");
        server.clock.advance(Duration.ofSeconds(4));
        server.breakOff("B");
        server.connect("C", "a");
        assertThat(server.types("C")).containsExactly("status");
    }

    @Test
    void a_prompt_whose_runner_was_lost_three_times_ends_for_its_client() {
        server.connect("A", "a");
        lose(3);
        assertThat(server.types("A"))
                .containsExactly("status", "execution_error", "status", "executing");
        assertThat(server.messages("A").get(1).at("/data/exception_message").asText())
                .isEqualTo("the runner was lost 3 times");
        assertThat(server.messages("A").get(2).at("/data/status/exec_info/queue_remaining").asInt())
                .isZero();
        assertThat(node(server.messages("A").getLast())).isEqualTo("null");
    }

    @Test
    void a_client_that_is_away_hears_of_it_when_it_comes_back() {
        log(executed("1"));
        lose(3);
        server.connect("A", "a");
        assertThat(server.types("A"))
                .containsExactly("status", "executed", "execution_error", "executing");
    }

    /// The leases of so many runners end.
    private void lose(int times) {
        ReconcileEntry reconcile = new ReconcileEntry(server.ports);
        for (int time = 1; time <= times; time++) {
            server.clock.advance(Duration.ofSeconds(70));
            reconcile.run();
            List<?> again =
                    server.memory.claims().claim("own" + time).stream()
                            .map(server.memory.claims()::start)
                            .toList();
            assertThat(again).hasSize(time < times ? 1 : 0);
        }
    }
}
