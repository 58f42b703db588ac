package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.handlers.http.Response;
import org.junit.jupiter.api.Test;

class LongAnswersTest {
    private final TestServer server = new TestServer();

    @Test
    void a_long_queue_is_shown_whole_in_number_with_the_later_graphs_left_out() {
        String text = "x".repeat(1 << 20);
        for (int i = 0; i < 4; i++) {
            server.post("/prompt", TestServer.prompt(text, ",\"client_id\":\"c\""));
        }
        Response response = server.get("/queue");
        assertThat(response.body().length).isLessThan(4 << 20);
        JsonNode pending = TestServer.json(response).path("queue_pending");
        assertThat(pending).hasSize(4);
        assertThat(pending.at("/0/2/1/inputs/source").asText()).hasSize(1 << 20);
        assertThat(pending.at("/3/2").toString()).isEqualTo("{}");
        assertThat(pending.at("/3/3").toString()).isEqualTo("{\"client_id\":\"c\"}");
        assertThat(pending.at("/3/4").toString()).isEqualTo("[\"1\"]");
    }
}
