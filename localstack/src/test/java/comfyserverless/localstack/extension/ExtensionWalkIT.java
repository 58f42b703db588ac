package comfyserverless.localstack.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.start.CannotStart;
import comfyserverless.routeapi.RouteExtension;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client walks a pack's routes over the wire, with every kind of body and with what is none.
class ExtensionWalkIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private static StartedStack stack;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.of(packs.resolve("echo.jar"), RouteExtension.class, EchoPack.class);
        stack = StartedStack.start(folder, "--runners", "none", "--node-packs", packs.toString());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static HttpResponse<byte[]> send(
            String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(stack.at(path))
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> send(
            String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(method, path, body.getBytes(StandardCharsets.ISO_8859_1), headers);
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return Json.read(response.body());
    }

    private static JsonNode form(String type, String body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send("POST", "/echo/form", body, "content-type", type);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response);
    }

    private static void isRefused(HttpResponse<byte[]> response, int status, String type) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).path("error").path("type").asText()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,",
        "POST,",
        "PUT,",
        "PATCH,",
        "DELETE,",
        "GET,/api",
        "POST,/api",
        "DELETE,/api"
    })
    void every_method_and_prefix_reaches_the_pack(String method, String prefix) throws Exception {
        String path = (prefix == null ? "" : prefix) + "/echo/any/a%2Fb%20%C3%A9?q=1&q=2+3&other";
        byte[] body = method.equals("GET") ? new byte[0] : new byte[] {1, 2, (byte) 0xff};
        JsonNode told = json(send(method, path, body));
        assertThat(told.path("method").asText()).isEqualTo(method);
        assertThat(told.path("name").asText()).isEqualTo("a/b \u00e9");
        assertThat(told.path("bytes").asInt()).isEqualTo(body.length);
        assertThat(told.path("q").toString()).isEqualTo("[\"1\",\"2 3\"]");
    }

    @Test
    void head_is_get_without_a_body_and_options_is_answered() throws Exception {
        HttpResponse<byte[]> head = send("HEAD", "/echo/any/x", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(send("OPTIONS", "/echo/any/x", "").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> wrong = send("DELETE", "/echo/form", "");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("allow").orElse("")).contains("POST");
    }

    @Test
    void forms_of_both_kinds_keep_their_order_and_their_bytes() throws Exception {
        assertThat(form("application/x-www-form-urlencoded", "a=1&b=%C3%A9+x&a=2&c").toString())
                .isEqualTo(
                        "[{\"name\":\"a\",\"file\":null,\"bytes\":1,\"text\":\"1\"},"
                                + "{\"name\":\"a\",\"file\":null,\"bytes\":1,\"text\":\"2\"},"
                                + "{\"name\":\"b\",\"file\":null,\"bytes\":4,\"text\":\"\u00e9 x\"},"
                                + "{\"name\":\"c\",\"file\":null,\"bytes\":0,\"text\":\"\"}]");
        String parts =
                """
                preamble
                --x
                Content-Disposition: form-data; name="a"

                1
                --x
                Content-Disposition: form-data; name="f"; filename="../p.bin"
                Content-Type: image/png

                %s
                --x--
                """
                        .formatted("\n--\u0000\u00ff")
                        .replace("\n", "\r\n");
        JsonNode told = form("multipart/form-data; boundary=\"x\"", parts);
        assertThat(told.path(0).path("text").asText()).isEqualTo("1");
        assertThat(told.path(1).toString())
                .isEqualTo(
                        "{\"name\":\"f\",\"file\":\"../p.bin\",\"bytes\":6,\"text\":\"image/png\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "multipart/mixed; boundary=x"})
    void a_body_of_another_type_is_a_form_without_fields(String type) throws Exception {
        assertThat(form(type, "a=1").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data, a=1",
        "multipart/form-data; boundary=x, nothing of it",
        "multipart/form-data; boundary=x, --x",
        "multipart/form-data; boundary=x, '--x\r\nno blank line\r\n--x--'",
        "multipart/form-data; boundary=x, '--x\r\n\r\nends nowhere'",
        "multipart/form-data; boundary=x, ''"
    })
    void a_broken_form_is_a_400_or_has_no_fields(String type, String body) throws Exception {
        HttpResponse<byte[]> response = send("POST", "/echo/form", body, "content-type", type);
        if (response.statusCode() == 200) {
            assertThat(json(response)).isEmpty();
        } else {
            isRefused(response, 400, "invalid_form");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "\u00ff\u00fe", "{\"a\":1} x", "nul", "[1,]"})
    void what_is_no_json_is_a_400(String body) throws Exception {
        isRefused(
                send("POST", "/echo/json", body, "content-type", "application/json"),
                400,
                "invalid_json");
    }

    @Test
    void json_beyond_the_limits_is_a_400_and_deep_json_within_is_not() throws Exception {
        isRefused(send("POST", "/echo/json", "[".repeat(65) + "]".repeat(65)), 400, "invalid_json");
        assertThat(send("POST", "/echo/json", "[".repeat(60) + "]".repeat(60)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_gateway_refuses_a_body_over_its_limit_and_takes_one_below() throws Exception {
        byte[] large = new byte[3 << 20];
        assertThat(json(send("POST", "/echo/any/x", large)).path("bytes").asInt())
                .isEqualTo(large.length);
        assertThat(send("POST", "/echo/any/x", new byte[11 << 20]).statusCode()).isEqualTo(413);
    }

    @Test
    void a_file_comes_back_as_it_went_whole_in_part_and_by_redirect() throws Exception {
        byte[] small = "0123456789".getBytes(StandardCharsets.UTF_8);
        assertThat(send("PUT", "/echo/file/a.txt", small).statusCode()).isEqualTo(201);
        assertThat(send("GET", "/echo/file/a.txt", "").body()).isEqualTo(small);
        HttpResponse<byte[]> part = send("GET", "/echo/file/a.txt", "", "range", "bytes=-3");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(small, 7, 10));
        assertThat(send("GET", "/echo/file/none.txt", "").statusCode()).isEqualTo(404);

        byte[] large = new byte[1 << 20];
        new Random(5).nextBytes(large);
        assertThat(send("PUT", "/echo/file/large.bin", large).statusCode()).isEqualTo(201);
        HttpResponse<byte[]> away = send("GET", "/echo/file/large.bin", "");
        assertThat(away.statusCode()).isEqualTo(302);
        String location = away.headers().firstValue("location").orElseThrow();
        assertThat(send("GET", stack.address().resolve(location).toString(), "").body())
                .isEqualTo(large);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2Fx", "a%5Cb"})
    void a_name_that_no_file_can_have_ends_in_the_packs_error(String name) throws Exception {
        isRefused(send("PUT", "/echo/file/" + name, "x"), 500, "extension_error");
    }

    @Test
    void a_redirect_is_passed_on_and_a_failure_named() throws Exception {
        HttpResponse<byte[]> redirect = send("GET", "/echo/redirect", "");
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("location")).contains("/echo/any/x");
        HttpResponse<byte[]> failed = send("GET", "/echo/fail", "");
        isRefused(failed, 500, "extension_error");
        assertThat(json(failed).path("error").path("message").asText())
                .isEqualTo("The route pack \"echo\" could not answer GET /echo/fail");
        assertThat(send("GET", "/queue", "").statusCode()).isEqualTo(200);
    }

    @Test
    void a_pack_that_takes_a_route_of_the_server_stops_the_start(@TempDir Path folder)
            throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.of(packs.resolve("clash.jar"), RouteExtension.class, ClashingPack.class);
        assertThatThrownBy(() ->
                        StartedStack.start(
                                folder, "--runners", "none", "--node-packs", packs.toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(
                        "POST /queue of the route pack clashing clashes with POST /queue of the server");
    }
}
