package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.admin.AdminMain;
import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two tenants of a running local stack: one is taken out and deleted, the other notices nothing. It takes more than a
/// minute, as long as functions may go on taking a key that is gone.
class TenantsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GRAPH =
            """
            {"prompt": {
              "1": {"class_type": "EmptyImage",
                    "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": 255}},
              "2": {"class_type": "SaveImage",
                    "inputs": {"images": ["1", 0], "filename_prefix": "NAME"}}}}
            """;

    @TempDir private static Path folder;

    private static StartedStack started;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        started = StartedStack.start(folder, "--auth", "key");
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static JsonNode admin(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--json", "--data", folder.resolve("data").toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                AdminMain.run(
                        new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        assertThat(code).as(out + "\n" + err).isZero();
        return Json.read(out.toString());
    }

    /// A tenant as its programs see the server.
    private final class Tenant {
        private final String name;
        private final String key;

        Tenant(String name) {
            this.name = name;
            admin("tenant", "create", name, "--running", "2");
            this.key = admin("key", "create", "--tenant", name).path("key").asText();
        }

        HttpResponse<byte[]> get(String path) {
            return send(HttpRequest.newBuilder(started.at(path)).GET());
        }

        HttpResponse<byte[]> post(String path, String body) {
            return send(
                    HttpRequest.newBuilder(started.at(path))
                            .POST(HttpRequest.BodyPublishers.ofString(body)));
        }

        private HttpResponse<byte[]> send(HttpRequest.Builder request) {
            try {
                return http.send(
                        request.header("X-API-Key", key).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private JsonNode json(HttpResponse<byte[]> response) {
            return Json.read(new String(response.body(), StandardCharsets.UTF_8));
        }

        /// Runs a prompt that saves a picture; returns its id.
        String work() {
            assertThat(
                            post("/userdata/workflows%2Fa.json", "{\"of\": \"" + name + "\"}")
                                    .statusCode())
                    .isEqualTo(200);
            JsonNode accepted = json(post("/prompt", GRAPH.replace("NAME", name)));
            String id = accepted.path("prompt_id").asText();
            await().atMost(PATIENCE)
                    .until(() ->
                            json(get("/history/" + id))
                                    .at("/" + id + "/status/completed")
                                    .asBoolean());
            return id;
        }

        byte[] picture() {
            HttpResponse<byte[]> response = get("/view?filename=" + name + "_00001_.png");
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    /// Completes when the server closes the socket.
    private CompletableFuture<Integer> socket(Tenant tenant) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        CompletableFuture<Boolean> greeted = new CompletableFuture<>();
        URI address = URI.create(started.at("/ws?clientId=page").toString().replace("http", "ws"));
        http.newWebSocketBuilder()
                .header("X-API-Key", tenant.key)
                .buildAsync(
                        address,
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(
                                    WebSocket socket, CharSequence text, boolean last) {
                                greeted.complete(true);
                                socket.request(1);
                                return CompletableFuture.completedFuture(null);
                            }

                            @Override
                            public CompletionStage<?> onClose(
                                    WebSocket socket, int code, String reason) {
                                closed.complete(code);
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
        assertThat(greeted).succeedsWithin(PATIENCE);
        return closed;
    }

    private static List<String> everythingOf(String tenant) throws IOException {
        AwsSettings settings =
                SettingsFile.read(folder.resolve("data").resolve(SettingsFile.NAME))
                        .orElseThrow()
                        .settings();
        List<String> found = new ArrayList<>();
        try (Aws aws = Aws.open(settings, JobSettings.standard())) {
            Ports.Stores stores = aws.ports().stores();
            stores.table().scan(item -> note(item, tenant, found));
            stores.blobs().keys("").stream()
                    .filter(key -> key.contains(tenant))
                    .forEach(found::add);
        }
        return found;
    }

    private static void note(Item item, String tenant, List<String> found) {
        if ((item.key() + " " + item.values()).contains(tenant)) {
            found.add(item.toString());
        }
    }

    @Test
    void one_of_two_tenants_is_taken_out_and_deleted_and_the_other_notices_nothing()
            throws IOException {
        Tenant studio = new Tenant("studio");
        Tenant other = new Tenant("other");
        String studios = studio.work();
        String others = other.work();
        byte[] othersPicture = other.picture();

        Path export = folder.resolve("export");
        admin("tenant", "export", "studio", export.toString());
        assertThat(export.resolve("files/output/studio_00001_.png"))
                .hasBinaryContent(studio.picture());
        assertThat(export.resolve("history.jsonl")).content().contains(studios, "studio_00001_");
        assertThat(export.resolve("userdata/default/workflows/a.json"))
                .hasContent("{\"of\": \"studio\"}");
        try (var entries = Files.walk(export)) {
            assertThat(entries.map(Path::toString)).noneMatch(path -> path.contains("other_"));
        }

        CompletableFuture<Integer> closed = socket(studio);
        int before = everythingOf("other").size();
        assertThat(everythingOf("studio")).hasSizeGreaterThan(8);
        JsonNode deleted = admin("tenant", "delete", "studio", "--yes");
        assertThat(deleted.path("items").asInt()).isPositive();
        assertThat(deleted.path("objects").asInt()).isPositive();
        assertThat(closed).succeedsWithin(PATIENCE);
        assertThat(everythingOf("studio")).isEmpty();
        assertThat(studio.get("/history").statusCode()).isEqualTo(401);

        assertThat(everythingOf("other")).hasSize(before);
        assertThat(other.picture()).isEqualTo(othersPicture);
        assertThat(other.json(other.get("/history")).has(others)).isTrue();
        assertThat(admin("tenant", "list").toString()).contains("other").doesNotContain("studio");
    }
}
