package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.route.Family;
import comfyserverless.contract.route.Route;
import comfyserverless.handlers.extension.Extensions;
import comfyserverless.handlers.http.Response;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.RouteAnswer;
import comfyserverless.routeapi.RouteExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The routes of a pack, called as clients call them.
class ExtensionRoutesTest {
    private final TestServer server = new TestServer();
    private final Extensions extensions = new Extensions(List.of(new SamplePack()));
    private final HttpEntry http = new HttpEntry(server.ports.withExtensions(extensions));

    private Response call(String method, String path, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return http.answer(TestServer.event(method, path, bytes, headers));
    }

    private static String multipart(String... fields) {
        StringBuilder body = new StringBuilder();
        for (String field : fields) {
            body.append("--b\r\ncontent-disposition: form-data; ").append(field).append("\r\n");
        }
        return body.append("--b--\r\n").toString();
    }

    private Response form(String path, String... fields) {
        return call(
                "POST", path, multipart(fields), "content-type", "multipart/form-data; boundary=b");
    }

    private static JsonNode error(Response response) {
        return TestServer.json(response).path("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/api"})
    void a_route_gets_path_query_headers_and_its_tenant(String prefix) {
        Response response =
                call("GET", prefix + "/sample/things/a%2Fb?tag=x&tag=y", "", "accept", "text/html");
        assertThat(response.status()).isEqualTo(200);
        assertThat(TestServer.text(response))
                .isEqualTo(
                        "{\"id\":\"a/b\",\"tags\":[\"x\",\"y\"],\"method\":\"GET\",\"tenant\":\"default\",\"accept\":\"text/html\"}");
    }

    @Test
    void within_a_pack_the_first_route_that_fits_answers() {
        assertThat(TestServer.text(call("GET", "/sample/things/new", ""))).isEqualTo("a new one");
    }

    @Test
    void a_last_segment_may_take_all_that_follow() {
        Response response = call("GET", "/sample/tree/a/b/c.txt", "");
        assertThat(TestServer.text(response)).isEqualTo("a/b/c.txt");
        assertThat(response.headers())
                .containsEntry("content-type", "text/plain; charset=utf-8")
                .containsEntry("x-sample", "yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH"})
    void json_is_read_whatever_its_type(String method) {
        Response response =
                call(method, "/sample/things/1", "{\"a\": [1, 2]}", "content-type", "text/plain");
        assertThat(response.status()).isEqualTo(201);
        assertThat(TestServer.text(response)).isEqualTo("{\"a\":[1,2]}");
        Response broken = call(method, "/sample/things/1", "{\"a\":");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(error(broken).path("type").asText()).isEqualTo("invalid_json");
    }

    @Test
    void delete_answers_without_a_body() {
        Response response = call("DELETE", "/sample/things/1", "");
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void another_method_is_told_which_ones_there_are() {
        Response response = call("POST", "/sample/things/1", "");
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers().get("allow")).contains("DELETE", "GET", "PATCH", "PUT");
    }

    @Test
    void a_form_comes_urlencoded_or_in_parts_with_files() {
        Response encoded =
                call(
                        "POST",
                        "/sample/form",
                        "message=a+b%C3%A9&node_id=5",
                        "content-type",
                        "application/x-www-form-urlencoded; charset=utf-8");
        assertThat(TestServer.text(encoded)).isEqualTo("{\"message\":\"a b\u00e9\",\"fields\":2}");
        Response parts =
                form(
                        "/api/sample/form",
                        "name=message\r\n\r\nhello",
                        "name=picture; filename=\"a \\\"b\\\".png\"\r\n\r\n12345");
        assertThat(TestServer.text(parts))
                .isEqualTo(
                        "{\"message\":\"hello\",\"fields\":2,\"file\":\"a \\\"b\\\".png\",\"bytes\":5}");
    }

    @Test
    void a_form_that_lacks_a_field_or_is_broken_says_so() {
        Response lacking = form("/sample/form", "name=other\r\n\r\nhello");
        assertThat(lacking.status()).isEqualTo(400);
        assertThat(error(lacking).path("message").asText())
                .isEqualTo("The form has no text \"message\"");
        assertThat(error(lacking).path("details").asText()).isEqualTo("it has [other]");
        Response file = form("/sample/form", "name=message; filename=a\r\n\r\nhello");
        assertThat(file.status()).isEqualTo(400);
        Response none = call("POST", "/sample/form", "message=x", "content-type", "text/plain");
        assertThat(error(none).path("details").asText()).isEqualTo("it has no fields");
        Response broken =
                call(
                        "POST",
                        "/sample/form",
                        "--c",
                        "content-type",
                        "multipart/form-data; boundary=b");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(error(broken).path("type").asText()).isEqualTo("invalid_form");
    }

    @Test
    void a_file_is_stored_and_served_with_ranges() {
        assertThat(form("/sample/file", "name=picture; filename=x\r\n\r\n0123456789").status())
                .isEqualTo(200);
        Response whole = call("GET", "/sample/file/stored.txt", "");
        assertThat(TestServer.text(whole)).isEqualTo("0123456789");
        assertThat(whole.headers()).containsEntry("content-type", "text/plain");
        Response part = call("GET", "/sample/file/stored.txt", "", "range", "bytes=2-4");
        assertThat(part.status()).isEqualTo(206);
        assertThat(TestServer.text(part)).isEqualTo("234");
        assertThat(call("GET", "/sample/file/none.txt", "").status()).isEqualTo(404);
        assertThat(
                        TestServer.text(
                                server.get(
                                        "/view?filename=stored.txt&subfolder=sample&type=input")))
                .isEqualTo("0123456789");
    }

    @Test
    void bytes_and_redirects_are_sent_as_they_are() {
        Response bytes = call("GET", "/sample/bytes", "");
        assertThat(bytes.headers()).containsEntry("content-type", "application/x-sample");
        assertThat(bytes.body()).containsExactly('c', 'a', 'f', 0xe9);
        Response away = call("GET", "/sample/away", "");
        assertThat(away.status()).isEqualTo(302);
        assertThat(away.headers()).containsEntry("location", "/view?filename=a");
    }

    @ParameterizedTest
    @CsvSource({
        "checked, IOException",
        "deep, StackOverflowError",
        "class, NoClassDefFoundError",
        "status, IllegalArgumentException",
        "header, IllegalArgumentException",
        "other, IllegalStateException"
    })
    void what_a_pack_throws_is_a_500_that_names_it_and_no_more(String how, String type) {
        Response response = call("GET", "/sample/fails/" + how, "");
        assertThat(response.status()).isEqualTo(500);
        assertThat(error(response).path("type").asText()).isEqualTo("extension_error");
        assertThat(error(response).path("message").asText())
                .isEqualTo("The route pack \"sample\" could not answer GET /sample/fails/{how}");
        assertThat(error(response).path("details").asText()).isEqualTo(type);
        assertThat(response.headers()).doesNotContainKey("x-a");
        assertThat(call("GET", "/sample/things/new", "").status()).isEqualTo(200);
    }

    @Test
    void a_problem_of_a_pack_has_the_servers_error_shape() {
        Response response = call("GET", "/sample/fails/problem", "");
        assertThat(response.status()).isEqualTo(404);
        assertThat(TestServer.text(response))
                .isEqualTo(
                        "{\"error\":{\"type\":\"not_found\",\"message\":\"No such thing\","
                                + "\"details\":\"there are no things\",\"extra_info\":{}},\"node_errors\":{}}");
    }

    @Test
    void a_message_goes_to_one_client_or_to_all() {
        server.connect("c1", "one");
        server.connect("c2", "two");
        int before = server.messages("c1").size();
        assertThat(TestServer.text(call("POST", "/sample/tell/my.news?client=one", "{\"a\":1}")))
                .isEqualTo("{\"told\":1}");
        assertThat(TestServer.text(call("POST", "/sample/tell/my.news?client=nobody", "{}")))
                .isEqualTo("{\"told\":0}");
        assertThat(TestServer.text(call("POST", "/sample/tell/my.news", "{\"all\":true}")))
                .isEqualTo("{\"told\":2}");
        assertThat(server.messages("c1").subList(before, before + 2))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"type\":\"my.news\",\"data\":{\"a\":1}}",
                        "{\"type\":\"my.news\",\"data\":{\"all\":true}}");
        assertThat(server.types("c2")).contains("my.news");
        String large = "\"" + "x".repeat(32 * 1024) + "\"";
        assertThat(call("POST", "/sample/tell/my.news", large).status()).isEqualTo(500);
    }

    @Test
    void what_a_client_posts_reaches_the_mailbox_of_the_running_prompt() {
        server.post("/prompt", TestServer.prompt("x", ""));
        assertThat(TestServer.text(call("POST", "/sample/letter/1", "5")))
                .isEqualTo("{\"receivers\":0}");
        Claim claim = server.memory.claims().claim("runner").orElseThrow();
        assertThat(TestServer.text(call("POST", "/sample/letter/1", "6")))
                .isEqualTo("{\"receivers\":1}");
        assertThat(server.memory.ports().mailbox().read(claim, 0))
                .extracting(letter -> letter.content().asText())
                .containsExactly("6");
        Response large = call("POST", "/sample/letter/1", "\"" + "x".repeat(300_000) + "\"");
        assertThat(large.status()).isEqualTo(413);
        assertThat(error(large).path("details").asText()).contains("the limit is 262144");
    }

    @Test
    void a_pack_queues_a_prompt_like_a_client_and_cancels_it() {
        server.connect("c1", "one");
        int before = server.messages("c1").size();
        String urlencoded = "application/x-www-form-urlencoded";
        Response queued =
                call("POST", "/sample/queue", "class=PreviewAny", "content-type", urlencoded);
        String promptId = TestServer.text(queued);
        assertThat(server.memory.jobs().queue("default").pending())
                .extracting(QueuedJob::promptId)
                .containsExactly(promptId);
        assertThat(TestServer.text(call("DELETE", "/sample/queue/" + promptId, "")))
                .isEqualTo("{\"cancelled\":true}");
        assertThat(server.messages("c1").subList(before, before + 2))
                .extracting(message -> message.at("/data/status/exec_info/queue_remaining").asInt())
                .containsExactly(1, 0);
        Response refused = call("POST", "/sample/queue", "class=Gone", "content-type", urlencoded);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(error(refused).path("message").asText()).contains("Gone");
    }

    private ObjectNode queued(String wish) {
        String more = ",\"prompt_id\":\"p\",\"extra_data\":{\"wish\":\"" + wish + "\"}";
        assertThat(call("POST", "/prompt", TestServer.prompt("sent", more)).status())
                .isEqualTo(200);
        var body = server.memory.jobs().queue("default").pending().getFirst().body();
        ObjectNode seen = body.extraData().deepCopy();
        seen.put("source", body.prompt().path("1").path("inputs").path("source").asText());
        return seen;
    }

    @Test
    void a_pack_sees_and_changes_a_prompt_before_it_is_validated() {
        ObjectNode seen = queued("change");
        assertThat(seen.path("source").asText()).isEqualTo("changed");
        assertThat(seen.path("seen_by").asText()).isEqualTo("default");
    }

    @Test
    void a_pack_that_fails_at_a_prompt_leaves_it_as_it_was() {
        ObjectNode seen = queued("fail");
        assertThat(seen.path("source").asText()).isEqualTo("sent");
        assertThat(seen.has("seen_by")).isFalse();
    }

    @Test
    void a_pack_may_refuse_a_prompt() {
        String more = ",\"extra_data\":{\"wish\":\"refuse\"}";
        Response response = call("POST", "/prompt", TestServer.prompt("x", more));
        assertThat(response.status()).isEqualTo(403);
        assertThat(error(response).path("type").asText()).isEqualTo("not_today");
        assertThat(server.memory.jobs().queueRemaining("default")).isZero();
        assertThat(call("POST", "/prompt", "[").status()).isEqualTo(400);
    }

    private static RouteExtension pack(String name, CustomRoute... routes) {
        return new RouteExtension() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<CustomRoute> routes() {
                return List.of(routes);
            }
        };
    }

    private static CustomRoute route(String path) {
        return CustomRoute.post(path, request -> RouteAnswer.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "/queue, queue.change",
        "/upload/{kind}, files.upload-image",
        "/jobs/cancel, jobs.cancel-several",
        "/{anything+}, prompt.submit"
    })
    void a_path_of_the_server_stops_the_start_with_both_names(String path, String core) {
        assertThatThrownBy(() -> new Extensions(List.of(pack("mine", route(path)))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("POST " + path + " of the route pack mine clashes with POST")
                .hasMessageContaining(core);
    }

    @Test
    void a_path_of_another_pack_stops_the_start_with_both_names() {
        List<RouteExtension> packs =
                List.of(pack("one", route("/x/{id}")), pack("two", route("/x/new")));
        assertThatThrownBy(() -> new Extensions(packs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "POST /x/new of the route pack two clashes with POST /x/{id} of the route pack one:"
                                + " choose another path");
        assertThatThrownBy(() -> new Extensions(List.of(pack("one", route("/a"), route("/a")))))
                .hasMessageContaining("clashes");
        assertThatThrownBy(() -> new Extensions(List.of(pack("one"), pack("one"))))
                .hasMessageContaining("two route packs are called \"one\"");
    }

    @Test
    void a_pack_that_cannot_say_what_it_has_stops_the_start_with_its_name() {
        RouteExtension broken =
                new RouteExtension() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public List<CustomRoute> routes() {
                        return List.of(route("no/slash"));
                    }
                };
        assertThatThrownBy(() -> new Extensions(List.of(broken)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ExtensionRoutesTest")
                .hasMessageContaining("no/slash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "/", "/a//b", "/a/{b", "/a/{b+}/c", "/{a}/{a}", "/a?b"})
    void a_path_that_is_no_pattern_is_refused(String path) {
        assertThatThrownBy(() -> route(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + path + "\"");
    }

    @Test
    void the_routes_stand_in_the_table_before_the_page() {
        List<Route> routes = extensions.table().routes();
        assertThat(routes.getLast().name()).isEqualTo("page.file");
        assertThat(routes)
                .filteredOn(route -> route.family() == Family.EXTENSION)
                .hasSize(16)
                .extracting(Route::name)
                .contains("sample.get-sample-things-id", "sample.post-sample-form");
    }
}
