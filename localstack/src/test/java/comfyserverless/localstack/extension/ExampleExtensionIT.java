package comfyserverless.localstack.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example extension's jar on the local stack: its graph waits in the node until a form is posted.
class ExampleExtensionIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static StartedStack stack;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.ofExample(packs);
        stack = StartedStack.start(folder, "--node-packs", packs.toString());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return Json.read(response.body());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(stack.at(path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(String path, String type, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(stack.at(path))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> answer(String path, String node, String message)
            throws IOException, InterruptedException {
        String form = "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n" + message;
        form += "\r\n--b\r\nContent-Disposition: form-data; name=\"node_id\"\r\n\r\n" + node;
        return post(path, "multipart/form-data; boundary=b", form + "\r\n--b--\r\n");
    }

    private static String queue(String clientId) throws IOException, InterruptedException {
        ObjectNode body = Json.object().put("client_id", clientId);
        ObjectNode prompt = body.putObject("prompt");
        prompt.putObject("7")
                .put("class_type", "ExampleAskThePage")
                .putObject("inputs")
                .put("question", "Which colour?");
        prompt.putObject("8")
                .put("class_type", "PreviewAny")
                .putObject("inputs")
                .putArray("source")
                .add("7")
                .add(0);
        HttpResponse<byte[]> response = post("/prompt", "application/json", Json.write(body));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return json(response).path("prompt_id").asText();
    }

    private static JsonNode history(String promptId) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> json(get("/history/" + promptId)).path(promptId),
                        entry -> !entry.isMissingNode());
    }

    /// What a page hears.
    private static final class Page implements WebSocket.Listener {
        private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();

        static Page open(String clientId) {
            Page page = new Page();
            String socket = stack.at("/ws?clientId=" + clientId).toString();
            HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create(socket.replace("http:", "ws:")), page)
                    .join();
            page.awaitType("status");
            return page;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(Json.read(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedStage(null);
        }

        JsonNode awaitType(String type) {
            return await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    heard.stream()
                                            .filter(m -> m.path("type").asText().equals(type))
                                            .findFirst()
                                            .orElse(Json.object()),
                            message -> message.has("type"));
        }
    }

    @Test
    void a_graph_waits_in_the_node_until_a_form_is_posted() throws Exception {
        Page page = Page.open("asker");
        String promptId = queue("asker");
        JsonNode question = page.awaitType("example.question").path("data");
        assertThat(question.path("node").asText()).isEqualTo("7");
        assertThat(question.path("question").asText()).isEqualTo("Which colour?");
        assertThat(json(get("/history/" + promptId))).isEmpty();

        HttpResponse<byte[]> response = answer("/my_new_path", "7", "green");
        assertThat(json(response).path("nodes").asInt()).isEqualTo(1);
        page.awaitType("execution_success");
        JsonNode entry = history(promptId);
        assertThat(entry.path("outputs").path("8").path("text").path(0).asText())
                .isEqualTo("green");
    }

    @Test
    void the_same_under_api_and_each_run_asks_again() throws Exception {
        for (String colour : List.of("red", "blue")) {
            String promptId = queue(colour);
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            json(answer("/api/my_new_path", "7", colour)).path("nodes").asInt()
                                    == 1);
            assertThat(history(promptId).path("outputs").path("8").path("text").path(0).asText())
                    .isEqualTo(colour);
        }
    }

    @Test
    void an_interrupt_ends_the_wait() throws Exception {
        Page page = Page.open("stopper");
        String promptId = queue("stopper");
        page.awaitType("example.question");
        post("/interrupt", "application/json", "{}");
        assertThat(history(promptId).path("status").path("status_str").asText()).isEqualTo("error");
        assertThat(page.awaitType("execution_interrupted").path("data").path("node_id").asText())
                .isEqualTo("7");
    }

    @Test
    void nobody_waits_and_fields_that_are_missing_are_answered() throws Exception {
        assertThat(json(answer("/my_new_path", "nobody", "x")).path("nodes").asInt()).isZero();
        HttpResponse<byte[]> response =
                post("/my_new_path", "application/x-www-form-urlencoded", "message=x");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("error").path("message").asText())
                .isEqualTo("The form has no text \"node_id\"");
    }

    @Test
    void the_node_and_the_script_are_listed_and_served() throws Exception {
        assertThat(
                        json(get("/object_info/ExampleAskThePage"))
                                .path("ExampleAskThePage")
                                .path("python_module")
                                .asText())
                .isEqualTo("custom_nodes.example-extension");
        String script = "/extensions/example-extension/question.js";
        assertThat(json(get("/extensions"))).extracting(JsonNode::asText).contains(script);
        assertThat(text(get(script))).contains("/my_new_path");
        assertThat(json(get("/api/workflow_templates")).path("example-extension").path(0).asText())
                .isEqualTo("question");
    }
}
