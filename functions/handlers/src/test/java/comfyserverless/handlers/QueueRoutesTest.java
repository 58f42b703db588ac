package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.LogNews;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.queue.StatusStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueRoutesTest {
    private final TestServer server = new TestServer();

    @Test
    void a_valid_prompt_is_queued_and_shown() {
        Response response = server.post("/prompt", TestServer.prompt("a", ",\"client_id\":\"c\""));
        assertThat(response.status()).isEqualTo(200);
        JsonNode answer = TestServer.json(response);
        assertThat(answer.path("number").toString()).isEqualTo("0");
        assertThat(answer.path("node_errors").toString()).isEqualTo("{}");
        String id = answer.path("prompt_id").asText();
        JsonNode pending = TestServer.json(server.get("/queue")).path("queue_pending");
        assertThat(pending.toString())
                .isEqualTo(
                        "[[0,\""
                                + id
                                + "\",{\"1\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":\"a\"}}},"
                                + "{\"client_id\":\"c\"},[\"1\"]]]");
        assertThat(remaining()).isEqualTo(1);
        assertThat(server.memory.tickets().receive(Duration.ZERO)).isPresent();
    }

    @Test
    void a_given_number_comes_back_as_a_float_and_a_refused_prompt_uses_up_one() {
        assertThat(number(TestServer.prompt("a", ""))).isEqualTo("0");
        assertThat(number(TestServer.prompt("a", ",\"number\":7"))).isEqualTo("7.0");
        assertThat(server.post("/prompt", "{\"prompt\":{}}").status()).isEqualTo(400);
        assertThat(number(TestServer.prompt("a", ""))).isEqualTo("2");
        assertThat(number(TestServer.prompt("a", ",\"front\":true"))).isEqualTo("-3");
    }

    @Test
    void a_prompt_that_names_no_known_node_is_a_400_in_comfyui_s_shape() {
        Response response =
                server.post(
                        "/prompt", "{\"prompt\":{\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}}}");
        assertThat(response.status()).isEqualTo(400);
        assertThat(TestServer.json(response).at("/error/type").asText())
                .isEqualTo("invalid_prompt");
    }

    @Test
    void the_same_request_with_the_same_uuid_is_one_job() {
        String id = "\"prompt_id\":\"0f0e0d0c-0b0a-4908-8706-050403020100\"";
        String first = TestServer.text(server.post("/prompt", TestServer.prompt("a", "," + id)));
        String again = TestServer.text(server.post("/prompt", TestServer.prompt("a", "," + id)));
        assertThat(again).isEqualTo(first);
        assertThat(remaining()).isEqualTo(1);
        Response other = server.post("/prompt", TestServer.prompt("b", "," + id));
        assertThat(other.status()).isEqualTo(400);
        assertThat(TestServer.json(other).at("/error/type").asText())
                .isEqualTo("duplicate_prompt_id");
    }

    @Test
    void every_socket_hears_of_a_queued_prompt_once() {
        server.connect("A", "a");
        server.connect("B", "b");
        server.post("/prompt", TestServer.prompt("x", ",\"client_id\":\"a\""));
        for (String socket : List.of("A", "B")) {
            assertThat(server.messages(socket)).hasSize(2);
            assertThat(server.messages(socket).get(1).toString())
                    .isEqualTo(
                            "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":1}}}}");
        }
    }

    @Test
    void the_first_sockets_are_told_directly_and_the_stream_handler_tells_the_rest() {
        List<String> sockets = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            sockets.add("S" + (char) ('a' + i));
            server.connect(sockets.getLast(), "client" + i);
            server.clock.advance(Duration.ofMillis(1));
        }
        server.post("/prompt", TestServer.prompt("x", ",\"client_id\":\"client11\""));
        assertThat(sockets.stream().filter(s -> server.messages(s).size() == 2)).hasSize(9);
        assertThat(server.messages("Sl")).hasSize(2);
        server.stream().changed(List.of(new StatusStream.Change("default", "client11")));
        assertThat(sockets).allMatch(s -> server.messages(s).size() == 2);
    }

    @Test
    void clearing_an_empty_queue_still_sends_a_status() {
        server.connect("A", "a");
        server.post("/queue", "{\"clear\":true}");
        assertThat(server.types("A")).containsExactly("status", "status");
        server.post("/queue", "{\"clear\":false}");
        assertThat(server.types("A")).hasSize(2);
    }

    @Test
    void a_cleared_queue_is_told_to_every_socket_at_once() {
        for (int i = 0; i < 12; i++) {
            server.connect("S" + i, "client" + i);
        }
        server.post("/queue", "{\"clear\":true}");
        for (int i = 0; i < 12; i++) {
            assertThat(server.types("S" + i)).containsExactly("status", "status");
        }
    }

    @Test
    void deleting_the_last_waiting_prompt_sends_two_statuses() {
        server.connect("A", "a");
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"one\""));
        server.post("/prompt", TestServer.prompt("y", ",\"prompt_id\":\"two\""));
        server.post("/queue", "{\"delete\":[\"nope\",\"one\"]}");
        assertThat(server.types("A")).hasSize(4);
        server.post("/queue", "{\"delete\":[\"two\"]}");
        assertThat(server.types("A")).hasSize(6);
        assertThat(remaining()).isZero();
    }

    @Test
    void an_ended_prompt_stands_in_the_history() {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"p\""));
        finish("own");
        String entry = TestServer.json(server.get("/history/p")).toString();
        assertThat(entry)
                .isEqualTo(
                        "{\"p\":{\"prompt\":[0,\"p\",{\"1\":{\"class_type\":\"PreviewAny\",\"inputs\":"
                                + "{\"source\":\"x\"}}},{},[\"1\"]],\"outputs\":{\"1\":{\"text\":[\"x\"]}},"
                                + "\"status\":{\"status_str\":\"success\",\"completed\":true,\"messages\":[]},"
                                + "\"meta\":{}}}");
        assertThat(TestServer.json(server.get("/history?max_items=5")).toString()).isEqualTo(entry);
        assertThat(TestServer.text(server.get("/history?max_items=0"))).isEqualTo("{}");
        assertThat(TestServer.text(server.get("/history?max_items=-1"))).isEqualTo("{}");
        assertThat(server.get("/history?max_items=x").status()).isEqualTo(400);
        assertThat(server.post("/history", "{\"delete\":[\"p\"]}").status()).isEqualTo(200);
        assertThat(TestServer.text(server.get("/history"))).isEqualTo("{}");
    }

    @Test
    void a_broken_interrupt_body_stops_what_runs() {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"p\""));
        Claim claim = server.memory.claims().claim("own").orElseThrow();
        assertThat(server.memory.claims().start(claim)).isTrue();
        server.post("/interrupt", "{\"prompt_id\":\"nope\"}");
        assertThat(server.memory.claims().look(claim).toString()).contains("false");
        server.post("/interrupt", "{nope");
        assertThat(server.memory.claims().look(claim).toString()).contains("true");
    }

    @Test
    void a_request_may_wait_for_the_result() {
        server.meanwhile = () -> finish("own");
        Response response = server.post("/prompt?wait=25", TestServer.prompt("x", ""));
        assertThat(response.status()).isEqualTo(200);
        JsonNode answer = TestServer.json(response);
        assertThat(answer.at("/outputs/1/text/0").asText()).isEqualTo("x");
        assertThat(answer.at("/status/status_str").asText()).isEqualTo("success");
        assertThat(answer.path("number").toString()).isEqualTo("0");
    }

    @Test
    void who_waits_in_vain_gets_the_id_after_25_seconds_at_most() {
        Instant began = server.clock.instant();
        Response response = server.post("/prompt?wait=600", TestServer.prompt("x", ""));
        assertThat(response.status()).isEqualTo(202);
        assertThat(TestServer.json(response).path("prompt_id").asText()).hasSize(36);
        assertThat(Duration.between(began, server.clock.instant()))
                .isBetween(Duration.ofSeconds(25), Duration.ofSeconds(26));
        for (String wrong : List.of("x", "-1", "NaN", "")) {
            assertThat(server.post("/prompt?wait=" + wrong, TestServer.prompt("x", "")).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(remaining()).isEqualTo(1);
    }

    @Test
    void clearing_may_stop_what_runs_as_well() {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"runs\""));
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"waits\""));
        Claim claim = server.memory.claims().claim("own").orElseThrow();
        assertThat(server.memory.claims().start(claim)).isTrue();
        server.post("/queue", "{\"clear\":true}");
        assertThat(server.memory.claims().look(claim).toString()).contains("false");
        server.post("/queue", "{\"clear\":true,\"running\":true}");
        assertThat(server.memory.claims().look(claim).toString()).contains("true");
        assertThat(remaining()).isEqualTo(1);
    }

    @Test
    void a_socket_that_follows_the_log_hears_what_jobs_write() {
        server.connect("A", "a");
        server.connect("B", "b");
        LogNews news =
                new LogNews(
                        server.ports.jobLog(),
                        server.ports.connections(),
                        server.ports.post(),
                        server.clock);
        String path = "/internal/logs/subscribe";
        Response response = patch(path, "{\"clientId\":\"a\",\"enabled\":true}");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        news.say("default", List.of("got prompt\n"));
        assertThat(server.types("A")).containsExactly("status", "logs");
        assertThat(server.messages("A").get(1).at("/data/entries/0/m").asText())
                .isEqualTo("got prompt\n");
        assertThat(server.types("B")).containsExactly("status");
        patch(path, "{\"clientId\":\"a\",\"enabled\":false}");
        news.say("default", List.of("more\n"));
        assertThat(server.types("A")).hasSize(2);
        assertThat(TestServer.text(server.get("/internal/logs"))).contains("got prompt", "more");
        assertThat(patch(path, "{\"clientId\":\"a\"}").status()).isEqualTo(400);
    }

    private Response patch(String path, String body) {
        return server.call("PATCH", path, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void freeing_is_asked_of_runners_and_wakes_one_that_rests() {
        assertThat(server.post("/free", "{\"unload_models\":true}").body()).isEmpty();
        assertThat(server.ports.freeRequests().asked("default"))
                .isEqualTo(new FreeRequests.Asked(1, 0));
        assertThat(server.ports.tickets().receive(Duration.ZERO)).isPresent();
        server.post("/free", "{\"free_memory\":true}");
        assertThat(server.ports.freeRequests().asked("default"))
                .isEqualTo(new FreeRequests.Asked(2, 1));
    }

    @Test
    void freeing_nothing_asks_for_nothing() {
        server.post("/free", "{\"unload_models\":false}");
        assertThat(server.ports.freeRequests().asked("default"))
                .isEqualTo(new FreeRequests.Asked(0, 0));
        assertThat(server.ports.tickets().receive(Duration.ZERO)).isEmpty();
    }

    private void finish(String own) {
        Claim claim = server.memory.claims().claim(own).orElseThrow();
        server.memory.claims().start(claim);
        var outputs = Json.object();
        outputs.putObject("1").putArray("text").add("x");
        JobResult result =
                new JobResult(
                        JobResult.End.SUCCESS,
                        outputs,
                        Json.mapper().createArrayNode(),
                        Json.object());
        assertThat(server.memory.claims().finish(claim, result)).isTrue();
    }

    private String number(String prompt) {
        return TestServer.json(server.post("/prompt", prompt)).path("number").toString();
    }

    private int remaining() {
        return TestServer.json(server.get("/prompt")).at("/exec_info/queue_remaining").asInt();
    }
}
