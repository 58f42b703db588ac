package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.handlers.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpRulesTest {
    private final TestServer server = new TestServer();

    @Test
    void an_unknown_path_is_an_empty_404_of_bytes() {
        Response response = server.get("/no/such/path");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers()).containsEntry("content-type", "application/octet-stream");
        assertThat(response.body()).isEmpty();
        assertThat(response.headers()).doesNotContainKey("cache-control");
    }

    @Test
    void a_missing_picture_may_be_remembered_for_a_day() {
        assertThat(server.get("/no-such.png").headers())
                .containsEntry("cache-control", "public, max-age=86400");
    }

    @Test
    void a_wrong_method_is_a_405_that_lists_the_right_ones() {
        Response response = server.call("DELETE", "/prompt", new byte[0]);
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers()).containsEntry("allow", "GET,HEAD,POST");
        assertThat(TestServer.text(response)).isEqualTo("405: Method Not Allowed");
        assertThat(server.post("/system_stats", "{}").headers()).containsEntry("allow", "GET,HEAD");
        assertThat(server.get("/upload/image").status()).isEqualTo(404);
    }

    @Test
    void head_answers_as_get_without_the_body() {
        Response response = server.call("HEAD", "/queue", new byte[0]);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers())
                .containsEntry("content-type", "application/json; charset=utf-8");
        assertThat(response.headers()).containsEntry("content-length", "39");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void who_has_the_nodes_already_gets_a_304() {
        Response whole = server.get("/object_info");
        String etag = whole.headers().getOrDefault("etag", "none");
        Response again = server.get("/object_info", "if-none-match", etag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(server.get("/object_info", "if-none-match", "\"other\"").body())
                .isEqualTo(whole.body());
        assertThat(server.get("/object_info", "accept-encoding", "gzip").headers())
                .containsEntry("content-encoding", "gzip")
                .containsEntry("etag", etag);
    }

    @Test
    void an_empty_answer_has_no_content_type() {
        assertThat(server.post("/interrupt", "").headers()).doesNotContainKey("content-type");
        assertThat(server.get("/view").headers()).doesNotContainKey("content-type");
    }

    @Test
    void below_internal_there_are_no_pages() {
        for (String method : List.of("GET", "POST", "DELETE")) {
            Response response = server.call(method, "/internal/nope", new byte[0]);
            assertThat(response.status()).isEqualTo(404);
            assertThat(TestServer.text(response)).isEqualTo("404: Not Found");
        }
        assertThat(server.get("/internal/logs/subscribe").headers())
                .containsEntry("allow", "PATCH");
    }

    @Test
    void a_file_of_the_page_is_sent_once() {
        server.pages.put("assets/a.js", "one".getBytes(StandardCharsets.UTF_8));
        Response first = server.get("/assets/a.js");
        String etag = first.headers().getOrDefault("etag", "none");
        Response again = server.get("/assets/a.js", "if-none-match", etag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(server.get("/assets/").status()).isEqualTo(403);
        assertThat(server.post("/assets/a.js", "").headers()).doesNotContainKey("cache-control");
    }

    @Test
    void options_is_an_empty_200_everywhere() {
        assertThat(server.call("OPTIONS", "/nowhere", new byte[0]).status()).isEqualTo(200);
    }

    @Test
    void routes_stand_under_api_too_and_pages_do_not() {
        assertThat(TestServer.json(server.get("/api/queue")).has("queue_running")).isTrue();
        assertThat(server.get("/api/index.html").status()).isEqualTo(404);
        assertThat(server.get("/api/internal/logs").status()).isEqualTo(404);
    }

    @Test
    void a_page_from_elsewhere_may_not_call_a_loopback_server() {
        assertThat(status("127.0.0.1:8188", "http://evil.example")).isEqualTo(403);
        assertThat(status("localhost:8188", "http://127.0.0.1:8188")).isEqualTo(403);
        assertThat(status("127.0.0.1:8188", "http://127.0.0.1:9999")).isEqualTo(403);
        assertThat(status("127.0.0.1:8188", "http://127.0.0.1:8188")).isEqualTo(200);
        assertThat(status("127.0.0.1:8188", "http://127.0.0.1")).isEqualTo(200);
    }

    @Test
    void a_name_that_leads_here_by_foreign_dns_is_refused() {
        assertThat(status("evil.example:8188", "http://evil.example:8188")).isEqualTo(403);
        assertThat(server.get("/prompt", "host", "evil.example:8188").status()).isEqualTo(403);
        assertThat(server.get("/prompt", "host", "192.168.1.7:8188").status()).isEqualTo(200);
        // Its answer stays with the browser: the recorded server answers it, so do we.
        assertThat(status("example.org", "http://evil.example")).isEqualTo(200);
    }

    @Test
    void a_request_around_the_front_door_is_refused() {
        assertThat(server.get("/prompt", "x-origin-secret", "guess").status()).isEqualTo(403);
    }

    @Test
    void a_body_that_is_no_json_is_a_400_that_says_so() {
        Response response = server.post("/queue", "{nope");
        assertThat(response.status()).isEqualTo(400);
        assertThat(TestServer.json(response).at("/error/type").asText()).isEqualTo("invalid_json");
        assertThat(server.post("/history", "5").status()).isEqualTo(400);
        assertThat(server.post("/interrupt", "[]").status()).isEqualTo(400);
        assertThat(server.post("/queue", "{\"delete\":null}").status()).isEqualTo(400);
        assertThat(server.post("/history", "[1]").status()).isEqualTo(200);
    }

    @Test
    void the_front_page_is_never_cached() {
        server.pages.put("index.html", "<!doctype html>".getBytes(StandardCharsets.UTF_8));
        Response response = server.get("/");
        assertThat(response.headers())
                .containsEntry("content-type", "text/html")
                .containsEntry("cache-control", "no-cache")
                .containsEntry("pragma", "no-cache")
                .containsEntry("expires", "0");
    }

    @Test
    void extensions_lists_the_scripts_of_the_page() {
        server.pages.put("extensions/core/a.js", new byte[0]);
        server.pages.put("extensions/core/a.css", new byte[0]);
        assertThat(TestServer.json(server.get("/api/extensions")).toString())
                .isEqualTo(
                        "[\"/extensions/comfy-serverless/gateway.js\",\"/extensions/core/a.js\"]");
        Response script = server.get("/extensions/core/a.js");
        assertThat(script.status()).isEqualTo(200);
        assertThat(script.headers()).containsEntry("cache-control", "no-cache");
    }

    private int status(String host, String origin) {
        return server.get("/prompt", "host", host, "origin", origin).status();
    }
}
