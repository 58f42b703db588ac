package comfyserverless.localstack.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.admin.AdminCall;
import comfyserverless.localstack.python.Venv;
import comfyserverless.localstack.webhook.Graphs;
import comfyserverless.localstack.webhook.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// The zip and the templates that AWS would get, on an API Gateway and a Lambda that nobody here wrote, with
/// Lambda's official runtime interface client; the runner's container as a process beside them.
@EnabledIfSystemProperty(
        named = "ministack",
        matches = "true",
        disabledReason = "MiniStack comes from PyPI: run ./mvnw verify -Pministack")
class MiniStackIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WORKFLOW =
            "/comfyserverless/localstack/stack/default-workflow.json";

    private static MiniStack emulator;
    private static Deployed deployed;
    private static Process runner;
    private static HttpClient http;

    @BeforeAll
    static void deploy() throws IOException, InterruptedException {
        assumeTrue(Venv.canBeMade(), Venv.MISSING);
        emulator = MiniStack.start();
        Path root = Path.of("..").toAbsolutePath().normalize();
        URI endpoint = emulator.endpoint();
        DeploySettings settings =
                new DeploySettings(endpoint, endpoint, Emulator.MINISTACK, true, root);
        try (Deployment deployment = new Deployment(endpoint)) {
            deployed = deployment.deploy(settings, System.err::println);
        }
        putModel();
        runner = startRunner();
        http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        await().atMost(PATIENCE).until(() -> json("/object_info/KSampler").has("KSampler"));
    }

    @AfterAll
    static void stop() {
        if (http != null) {
            http.shutdownNow();
        }
        if (runner != null) {
            runner.destroy();
            runner.onExit().join();
        }
        if (emulator != null) {
            emulator.close();
        }
    }

    private static void putModel() {
        try (S3Client objects =
                S3Client.builder()
                        .endpointOverride(emulator.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .forcePathStyle(true)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            objects.putObject(
                    put ->
                            put.bucket(deployed.names().modelsBucket())
                                    .key("_shared/checkpoints/shapes-sd1.safetensors"),
                    Path.of("small-model", "shapes-sd1.safetensors"));
        }
    }

    private static Process startRunner() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "comfyserverless.runner.RunnerMain")
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("target", "ministack", "runner.txt").toFile());
        builder.environment().putAll(deployed.environment());
        return builder.start();
    }

    @Test
    void the_default_workflow_goes_through_both_gateways_to_a_picture() throws Exception {
        Heard client = Heard.on(http, deployed.sockets(), "painter");
        Heard bystander = Heard.on(http, deployed.sockets(), "bystander");
        await().atMost(PATIENCE)
                .until(() ->
                        client.types().contains("status") && bystander.types().contains("status"));
        ObjectNode body;
        try (InputStream in = MiniStackIT.class.getResourceAsStream(WORKFLOW)) {
            body = JSON.readValue(in, ObjectNode.class).put("client_id", "painter");
        }
        JsonNode answer = JSON.readTree(post("/prompt", body.toString()).body());
        String id = answer.path("prompt_id").asText();
        await().atMost(PATIENCE).until(() -> client.types().contains("execution_success"));
        assertThat(client.types())
                .containsSubsequence(
                        "execution_start",
                        "execution_cached",
                        "executing",
                        "executed",
                        "execution_success");
        assertThat(client.types().stream().filter("progress"::equals)).hasSize(6);
        assertThat(bystander.types()).containsOnly("status");
        await().atMost(PATIENCE).until(() -> bystander.remaining().equals(0));
        String name = json("/history/" + id).at("/" + id + "/outputs/9/images/0/filename").asText();
        byte[] picture =
                http.send(
                                request("/view?type=output&filename=" + name).build(),
                                HttpResponse.BodyHandlers.ofByteArray())
                        .body();
        assertThat(ImageIO.read(new ByteArrayInputStream(picture)).getWidth()).isEqualTo(128);
    }

    @Test
    void a_job_calls_the_server_that_it_names_through_the_queue_and_its_function()
            throws Exception {
        try (Receiver receiver = Receiver.answering(500, 200)) {
            ObjectNode body = JSON.createObjectNode();
            body.set("prompt", Graphs.picture(7));
            body.putObject("extra_data").put("webhook", receiver.url());
            HttpResponse<String> accepted = post("/prompt", body.toString());
            String id = JSON.readTree(accepted.body()).path("prompt_id").asText();
            await().atMost(PATIENCE).until(() -> receiver.received().size() == 2);
            Receiver.Received first = receiver.received().getFirst();
            Receiver.Received second = receiver.received().getLast();
            assertThat(first.promptId()).isEqualTo(id).isEqualTo(second.promptId());
            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.isSignedWith(admin("secret").path("secret").asText())).isTrue();
            await().atMost(PATIENCE)
                    .until(() ->
                            admin("list").at("/deliveries/0/state").asText().equals("delivered"));
            assertThat(admin("replay", first.id()).path("replayed").asInt()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> receiver.received().size() == 3);
            assertThat(receiver.received().getLast().id()).isEqualTo(first.id());
        }
    }

    /// `comfy-admin webhooks`, by the names that the deployment gave.
    private static JsonNode admin(String... arguments) {
        List<String> all = new ArrayList<>(deployed.administered());
        all.addAll(List.of("--json", "webhooks"));
        all.addAll(List.of(arguments));
        AdminCall call = AdminCall.of(all.toArray(String[]::new));
        assertThat(call.code()).as(call.out() + call.err()).isZero();
        return call.json();
    }

    @Test
    void what_is_refused_says_so_through_the_gateway() throws Exception {
        HttpResponse<String> answer = post("/prompt", "{\"prompt\": {\"1\": {\"inputs\": {}}}}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).at("/error/type").asText())
                .isEqualTo("invalid_prompt");
        assertThat(post("/interrupt", "{").statusCode()).isEqualTo(200);
    }

    @Test
    void the_runner_tells_of_itself() throws Exception {
        assertThat(json("/models/checkpoints")).hasToString("[\"shapes-sd1.safetensors\"]");
        assertThat(json("/system_stats").at("/system/comfyui_version").asText())
                .isEqualTo("0.3.64");
        assertThat(Files.readString(Path.of("target", "ministack", "runner.txt")))
                .contains("runners take jobs");
    }

    private static JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(
                http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    private static HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(deployed.http() + path)).timeout(PATIENCE);
    }

    /// The messages of one socket.
    private static final class Heard implements WebSocket.Listener {
        private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        private final StringBuilder begun = new StringBuilder();

        static Heard on(HttpClient http, URI sockets, String client) {
            Heard heard = new Heard();
            http.newWebSocketBuilder()
                    .buildAsync(URI.create(sockets + "?clientId=" + client), heard)
                    .join();
            return heard;
        }

        List<String> types() {
            return messages.stream().map(message -> message.path("type").asText()).toList();
        }

        /// What the last status said of the queue.
        Integer remaining() {
            return messages.stream()
                    .filter(message -> message.path("type").asText().equals("status"))
                    .reduce((earlier, later) -> later)
                    .map(m -> m.at("/data/status/exec_info/queue_remaining").asInt())
                    .orElseThrow();
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            begun.append(data);
            if (last) {
                try {
                    messages.add(JSON.readTree(begun.toString()));
                } catch (IOException e) {
                    throw new AssertionError("no JSON: " + begun, e);
                }
                begun.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
