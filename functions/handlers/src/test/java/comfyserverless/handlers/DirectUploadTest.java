package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Digests;
import comfyserverless.handlers.http.BodyLimit;
import comfyserverless.handlers.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectUploadTest {
    private static final byte[] PICTURE =
            "\u0089PNG\r\n\u001a\n and so on".getBytes(StandardCharsets.ISO_8859_1);

    private final TestServer server = new TestServer();

    private Response presign(byte[] bytes) {
        return server.post(
                "/api/upload/presign",
                "{\"size\":" + bytes.length + ",\"sha256\":\"" + Digests.hex(bytes) + "\"}");
    }

    /// Announces bytes and puts them into the store, as a client does by the address.
    private String uploaded(byte[] bytes) {
        JsonNode answer = TestServer.json(presign(bytes));
        String key = answer.path("url").asText().substring("memory:/".length());
        assertThat(key).startsWith("quarantine/");
        server.memory.blobs().put(key, bytes);
        return answer.path("id").asText();
    }

    private Response complete(String id, String fields) {
        return server.post("/api/upload/complete", "{\"id\":\"" + id + "\"" + fields + "}");
    }

    private static String type(Response response) {
        return TestServer.json(response).at("/error/type").asText();
    }

    @Test
    void the_answer_says_where_to_put_the_bytes_and_with_which_headers() {
        Response response = presign(PICTURE);
        assertThat(response.status()).isEqualTo(201);
        JsonNode answer = TestServer.json(response);
        assertThat(answer.path("method").asText()).isEqualTo("PUT");
        assertThat(answer.at("/headers/if-none-match").asText()).isEqualTo("*");
        assertThat(answer.path("expires_in").asInt()).isEqualTo(900);
        assertThat(response.headers()).containsEntry("location", answer.path("url").asText());
    }

    @Test
    void a_completed_upload_is_a_file_under_comfyuis_naming() {
        assertThat(TestServer.text(complete(uploaded(PICTURE), ",\"filename\":\"a.png\"")))
                .isEqualTo("{\"name\":\"a.png\",\"subfolder\":\"\",\"type\":\"input\"}");
        Response same = complete(uploaded(PICTURE), ",\"filename\":\"a.png\"");
        assertThat(TestServer.json(same).path("name").asText()).isEqualTo("a.png");
        byte[] other = PICTURE.clone();
        other[12] ^= 1;
        Response numbered = complete(uploaded(other), ",\"filename\":\"a.png\",\"subfolder\":\"\"");
        assertThat(TestServer.json(numbered).path("name").asText()).isEqualTo("a (1).png");
        Response replaced = complete(uploaded(other), ",\"filename\":\"a.png\",\"overwrite\":true");
        assertThat(TestServer.json(replaced).path("name").asText()).isEqualTo("a.png");
        assertThat(server.get("/view?filename=a.png&type=input").body()).isEqualTo(other);
        assertThat(server.memory.blobs().keys("quarantine/")).isEmpty();
    }

    @Test
    void an_upload_by_request_and_one_past_it_count_as_the_same_bytes() {
        String form =
                "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"
                        + new String(PICTURE, StandardCharsets.ISO_8859_1)
                        + "\r\n--b--\r\n";
        server.call(
                "POST",
                "/upload/image",
                form.getBytes(StandardCharsets.ISO_8859_1),
                "content-type",
                "multipart/form-data; boundary=b");
        Response same = complete(uploaded(PICTURE), ",\"filename\":\"a.png\"");
        assertThat(TestServer.json(same).path("name").asText()).isEqualTo("a.png");
    }

    @Test
    void an_id_serves_once_and_for_an_hour() {
        String id = uploaded(PICTURE);
        assertThat(complete(id, ",\"filename\":\"a.png\"").status()).isEqualTo(200);
        assertThat(complete(id, ",\"filename\":\"b.png\"").status()).isEqualTo(404);
        String late = uploaded(PICTURE);
        server.clock.advance(Duration.ofMinutes(61));
        assertThat(type(complete(late, ",\"filename\":\"a.png\""))).isEqualTo("unknown_upload");
    }

    @Test
    void what_has_not_arrived_or_is_of_another_size_is_refused() {
        String id = TestServer.json(presign(PICTURE)).path("id").asText();
        Response early = complete(id, ",\"filename\":\"a.png\"");
        assertThat(early.status()).isEqualTo(409);
        server.memory.blobs().put("quarantine/" + id, new byte[3]);
        assertThat(type(complete(id, ",\"filename\":\"a.png\""))).isEqualTo("wrong_size");
        assertThat(server.memory.blobs().keys("quarantine/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, wrong_content",
        "a.mp4, wrong_content",
        "a.WEBP, wrong_content",
        "'', not_a_file",
    })
    void a_file_must_be_what_its_name_says(String name, String problem) {
        byte[] script = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        Response refused = complete(uploaded(script), ",\"filename\":\"" + name + "\"");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(type(refused)).isEqualTo(problem);
    }

    @Test
    void names_that_leave_the_folder_are_refused() {
        Response refused =
                complete(uploaded(PICTURE), ",\"filename\":\"a.png\",\"subfolder\":\"../x\"");
        assertThat(refused.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', invalid_size",
        "'{\"size\":0}', invalid_size",
        "'{\"size\":1.5}', invalid_size",
        "'{\"size\":99999999999}', invalid_size",
        "'{\"size\":1,\"sha256\":\"AB\"}', invalid_sha256",
    })
    void what_is_announced_must_make_sense(String body, String problem) {
        assertThat(type(server.post("/api/upload/presign", body))).isEqualTo(problem);
    }

    @Test
    void a_prompt_may_come_that_way_too() {
        byte[] prompt =
                TestServer.prompt("x", ",\"prompt_id\":\"big\"").getBytes(StandardCharsets.UTF_8);
        Response answer = complete(uploaded(prompt), ",\"for\":\"prompt\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(TestServer.json(answer).path("prompt_id").asText()).isEqualTo("big");
        byte[] broken = "{\"prompt\":{}}".getBytes(StandardCharsets.UTF_8);
        assertThat(complete(uploaded(broken), ",\"for\":\"prompt\"").status()).isEqualTo(400);
        assertThat(type(complete(uploaded(broken), ",\"for\":\"tea\"")))
                .isEqualTo("unknown_purpose");
    }

    @Test
    void a_body_beyond_the_limit_is_told_the_way() {
        byte[] large = new byte[3 << 20];
        assertThat(server.call("POST", "/upload/image", large).status()).isEqualTo(400);
        Response refused = server.call("POST", "/upload/image", new byte[(3 << 20) + 3]);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(TestServer.text(refused)).contains("/api/upload/presign");
    }

    @Test
    void a_text_counts_as_it_is_escaped() {
        ObjectNode event = Json.object().put("isBase64Encoded", false);
        String quotes = "\"".repeat(BodyLimit.ENCODED / 2);
        assertThat(BodyLimit.encoded(event.put("body", quotes))).isGreaterThan(BodyLimit.ENCODED);
        assertThat(BodyLimit.encoded(event.put("body", "a".repeat(1_000_000))))
                .isLessThan(BodyLimit.ENCODED);
        assertThat(BodyLimit.encoded(Json.object())).isZero();
    }
}
