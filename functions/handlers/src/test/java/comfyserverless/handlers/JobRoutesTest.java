package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobRoutesTest {
    private static final String ONE = "0f0e0d0c-0b0a-4908-8706-050403020101";
    private static final String TWO = "0f0e0d0c-0b0a-4908-8706-050403020102";
    private final TestServer server = new TestServer();

    @Test
    void waiting_and_ended_jobs_stand_in_one_list() {
        queue(ONE);
        finishNext();
        queue(TWO);
        JsonNode all = TestServer.json(server.get("/api/jobs"));
        assertThat(all.path("jobs").findValuesAsText("status"))
                .containsExactlyInAnyOrder("pending", "completed");
        assertThat(all.path("pagination").toString())
                .isEqualTo("{\"offset\":0,\"limit\":null,\"total\":2,\"has_more\":false}");
        JsonNode ended = TestServer.json(server.get("/api/jobs?status=completed,failed&limit=1"));
        assertThat(ended.at("/jobs/0/id").asText()).isEqualTo(ONE);
        assertThat(ended.at("/jobs/0/preview_output").toString())
                .isEqualTo(
                        "{\"filename\":\"a.png\",\"subfolder\":\"\",\"type\":\"output\",\"nodeId\":\"1\",\"mediaType\":\"images\"}");
        assertThat(ended.at("/jobs/0/outputs_count").asInt()).isEqualTo(1);
        assertThat(ended.at("/jobs/0/previewable_outputs_count").asInt()).isEqualTo(1);
        assertThat(ended.at("/jobs/0/create_time").isIntegralNumber()).isTrue();
        JsonNode pending = TestServer.json(server.get("/api/jobs?status=pending"));
        assertThat(pending.at("/jobs/0/queue_position").asInt()).isEqualTo(1);
    }

    @Test
    void a_waiting_job_keeps_the_time_at_which_it_came() {
        queue(ONE);
        long came = server.clock.instant().toEpochMilli();
        server.clock.advance(Duration.ofMinutes(5));
        queue(TWO);
        JsonNode list = TestServer.json(server.get("/api/jobs?status=pending&sort_order=asc"));
        assertThat(list.at("/jobs/0/id").asText()).isEqualTo(ONE);
        assertThat(list.at("/jobs/0/create_time").asLong()).isEqualTo(came);
        JsonNode one = TestServer.json(server.get("/api/jobs/" + ONE));
        assertThat(one.path("create_time").asLong()).isEqualTo(came);
        assertThat(one.path("status").asText()).isEqualTo("pending");
    }

    @Test
    void wrong_questions_get_the_newer_server_s_answers() {
        assertThat(error("/api/jobs?status=x"))
                .isEqualTo(
                        "Invalid status value(s): x. Valid values: pending, in_progress, completed,"
                                + " failed, cancelled");
        assertThat(error("/api/jobs?limit=0")).isEqualTo("limit must be a positive integer");
        assertThat(error("/api/jobs?limit=x")).isEqualTo("limit must be an integer");
        assertThat(error("/api/jobs?offset=x")).isEqualTo("offset must be an integer");
        assertThat(server.get("/api/jobs/" + ONE).status()).isEqualTo(404);
        assertThat(server.get("/jobs").status()).isEqualTo(404);
    }

    @Test
    void a_job_is_cancelled_once() {
        queue(ONE);
        String cancel = "/api/jobs/" + ONE + "/cancel";
        assertThat(TestServer.text(server.post(cancel, ""))).isEqualTo("{\"cancelled\":true}");
        assertThat(TestServer.text(server.post(cancel, ""))).isEqualTo("{\"cancelled\":false}");
        assertThat(server.post("/api/jobs/cancel", "{\"job_ids\":[\"x\"]}").status())
                .isEqualTo(400);
        assertThat(TestServer.text(server.post("/api/jobs/cancel", "{\"job_ids\":[]}")))
                .isEqualTo("{\"cancelled\":false}");
    }

    @Test
    void deleting_an_ended_job_takes_it_out_of_the_history() {
        queue(ONE);
        finishNext();
        JsonNode shown = TestServer.json(server.get("/api/jobs/" + ONE));
        assertThat(shown.at("/workflow/prompt/1/class_type").asText()).isEqualTo("PreviewAny");
        assertThat(shown.at("/execution_status/completed").asBoolean()).isTrue();
        assertThat(server.call("DELETE", "/api/jobs/" + ONE, new byte[0]).status()).isEqualTo(200);
        assertThat(TestServer.text(server.get("/history"))).isEqualTo("{}");
    }

    private void queue(String id) {
        server.post("/prompt", TestServer.prompt("x", ",\"prompt_id\":\"" + id + "\""));
    }

    private void finishNext() {
        Claim claim = server.memory.claims().claim("own").orElseThrow();
        server.memory.claims().start(claim);
        var outputs = Json.object();
        outputs.putObject("1")
                .putArray("images")
                .addObject()
                .put("filename", "a.png")
                .put("subfolder", "")
                .put("type", "output");
        server.memory
                .claims()
                .finish(
                        claim,
                        new JobResult(
                                JobResult.End.SUCCESS,
                                outputs,
                                Json.mapper().createArrayNode(),
                                Json.object()));
    }

    private String error(String path) {
        return TestServer.json(server.get(path)).path("error").asText();
    }
}
