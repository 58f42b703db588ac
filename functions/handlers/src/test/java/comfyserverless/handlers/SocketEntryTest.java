package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.ClientFeatures;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketEntryTest {
    private final TestServer server = new TestServer();

    @Test
    void a_client_without_an_id_is_given_one_of_32_hex_digits() {
        server.connect("A", null);
        assertThat(server.messages("A").getFirst().at("/data/sid").asText())
                .matches("[0-9a-f]{32}");
    }

    @Test
    void connecting_asks_for_a_greeting_and_whoever_comes_first_greets_once() {
        server.socketEvent("CONNECT", "A", "a", null);
        assertThat(server.toGreet).containsExactly("A");
        assertThat(server.messages("A")).isEmpty();
        server.frame("A", "{\"type\":\"feature_flags\",\"data\":{}}");
        assertThat(server.types("A")).containsExactly("status", "feature_flags");
        server.frame("A", "hello");
        assertThat(server.types("A")).hasSize(2);
    }

    @Test
    void flags_are_answered_once_and_a_broken_frame_does_not_use_up_the_chance() {
        server.connect("A", "a");
        server.frame("A", "{nope");
        server.frame(
                "A", "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
        server.frame("A", "{\"type\":\"feature_flags\",\"data\":{\"supports_binary_frame\":true}}");
        assertThat(server.messages("A").getLast().toString())
                .isEqualTo(
                        "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true,"
                                + "\"max_upload_size\":104857600}}");
        assertThat(server.types("A")).containsExactly("status", "feature_flags");
        ClientFeatures known =
                ClientFeatures.of(
                        server.ports.connections().byConnectionId("A").orElseThrow().features());
        assertThat(known).isEqualTo(new ClientFeatures(true, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"type\":null}",
                "{\"type\":{\"a\":[1]}}",
                "{\"type\":\"feature_flags\",\"data\":[1]}",
                "{\"type\":\"feature_flags\",\"data\":{\"supports_binary_frame\":{\"a\":1}}}",
                "{\"type\":\"unknown\",\"data\":{}}",
                "\u0000\ufffd",
            })
    void a_frame_of_any_other_kind_does_no_harm(String frame) {
        server.connect("A", "a");
        server.frame("A", frame);
        server.post("/prompt", TestServer.prompt("x", ",\"client_id\":\"a\""));
        assertThat(server.types("A")).startsWith("status").endsWith("status");
    }

    @Test
    void deep_and_fillerframes_do_no_harm() {
        server.connect("A", "a");
        server.frame("A", "{\"type\":".repeat(5_000));
        server.frame("A", "[".repeat(30_000) + "]".repeat(30_000));
        String filler = "x".repeat(30_000);
        server.frame(
                "A",
                "{\"type\":\"feature_flags\",\"data\":{\"" + filler + "\":\"" + filler + "\"}}");
        assertThat(server.types("A")).containsExactly("status", "feature_flags");
        assertThat(
                        Json.write(
                                server.ports
                                        .connections()
                                        .byConnectionId("A")
                                        .orElseThrow()
                                        .features()))
                .hasSizeLessThan(1_000);
    }

    @Test
    void a_frame_of_a_connection_that_nobody_knows_is_ignored() {
        server.frame("X", "{\"type\":\"feature_flags\",\"data\":{}}");
        assertThat(server.messages("X")).isEmpty();
    }

    @Test
    void another_first_message_uses_up_the_chance() {
        server.connect("A", "a");
        server.frame("A", "{\"type\":\"other\"}");
        server.frame("A", "{\"type\":\"feature_flags\",\"data\":{}}");
        assertThat(server.types("A")).containsExactly("status");
    }

    @Test
    void a_late_disconnect_of_the_older_socket_leaves_the_newer_alone() {
        server.connect("old", "a");
        server.clock.advance(java.time.Duration.ofMillis(5));
        server.connect("new", "a");
        server.disconnect("old");
        server.post("/prompt", TestServer.prompt("x", ",\"client_id\":\"a\""));
        assertThat(server.types("new")).containsExactly("status", "status");
    }

    @Test
    void a_client_that_comes_back_hears_which_node_of_its_prompt_runs() {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"p\",\"client_id\":\"a\""));
        Claim claim = server.memory.claims().claim("own").orElseThrow();
        server.memory.claims().start(claim);
        log(claim, 1, new Event.ExecutionStart("p", 1));
        log(claim, 2, new Event.Executing("4.0.1", "4", "p"));
        server.connect("A", "a");
        server.connect("B", "b");
        assertThat(server.messages("A").get(1).toString())
                .isEqualTo("{\"type\":\"executing\",\"data\":{\"node\":\"4\"}}");
        assertThat(server.types("B")).containsExactly("status");
    }

    @Test
    void a_page_from_elsewhere_opens_no_socket() {
        var event = TestServer.event("GET", "/ws", new byte[0], "origin", "http://evil.example");
        event.putObject("requestContext").put("eventType", "CONNECT").put("connectionId", "A");
        assertThat(server.socket.handle(event)).isEqualTo(403);
        assertThat(server.toGreet).isEmpty();
    }

    /// Both names are an attacker's, and one of them leads here: no browser keeps a socket's messages from its page.
    @Test
    void a_page_opens_no_socket_under_a_name_that_is_not_ours() {
        for (String origin : List.of("http://a.evil.example", "http://b.evil.example:8188")) {
            var event = TestServer.event("GET", "/ws", new byte[0], "origin", origin);
            ((ObjectNode) event.get("headers")).put("host", "b.evil.example:8188");
            event.putObject("requestContext").put("eventType", "CONNECT").put("connectionId", "A");
            assertThat(server.socket.handle(event)).as(origin).isEqualTo(403);
        }
        assertThat(server.toGreet).isEmpty();
    }

    private void log(Claim claim, long seq, Event event) {
        server.ports
                .eventLog()
                .append(
                        claim.key(),
                        claim.fence(),
                        new EventLog.Logged(seq, EventJson.write(event)));
    }
}
