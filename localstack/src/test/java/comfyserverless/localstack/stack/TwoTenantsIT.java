package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.admin.AdminCall;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two tenants on one running stack and its one runner, both under the same clientId: what a run says, shows and keeps
/// is its tenant's. What routes answer is the matter of TwoTenantsTest.
class TwoTenantsIT {
    private static final String CLIENT = "same";

    @TempDir private static Path folder;

    private static StartedStack stack;
    private static TenantClient owner;
    private static TenantClient stranger;

    @BeforeAll
    static void start() throws IOException {
        stack = StartedStack.start(folder, "--auth", "key", "--shared-cache", "1");
        owner = TenantClient.connected(stack, key("alpha"), CLIENT);
        stranger = TenantClient.connected(stack, key("beta"), CLIENT);
    }

    @AfterAll
    static void stop() {
        if (stranger != null) {
            stranger.close();
        }
        if (owner != null) {
            owner.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    private static String key(String tenant) {
        String data = folder.resolve("data").toString();
        AdminCall made = AdminCall.of("--data", data, "key", "create", "--tenant", tenant);
        assertThat(made.code()).as(made.err()).isZero();
        return made.out().strip();
    }

    /// The default one, with so many steps that its results are worth keeping on any machine.
    private static JsonNode workflow(String text) throws IOException {
        try (InputStream in = TwoTenantsIT.class.getResourceAsStream("default-workflow.json")) {
            JsonNode graph = Json.readStored(in.readAllBytes()).path("prompt");
            ((ObjectNode) graph.at("/6/inputs")).put("text", text);
            ((ObjectNode) graph.at("/3/inputs")).put("steps", 60);
            return graph;
        }
    }

    private static List<String> types(List<JsonNode> messages) {
        return messages.stream().map(message -> message.path("type").asText()).distinct().toList();
    }

    @Test
    void previews_messages_logs_pictures_and_kept_results_of_a_run_are_its_tenants_alone()
            throws IOException {
        JsonNode graph = workflow("alpha's own text");
        String id = owner.queue(graph, CLIENT);
        JsonNode entry = owner.ended(id);
        assertThat(types(owner.heard())).contains("binary_frame", "executed", "logs");
        assertThat(types(stranger.heard())).containsExactlyInAnyOrder("status", "feature_flags");
        assertThat(stranger.heard().toString()).doesNotContain(id).doesNotContain("alpha's own");

        String picture = entry.at("/outputs/9/images/0/filename").asText();
        String view = "/view?type=output&filename=" + picture;
        assertThat(owner.send("GET", view, "").statusCode()).isEqualTo(200);
        assertThat(stranger.send("GET", view, "").statusCode()).isEqualTo(404);
        assertThat(stranger.get("/history")).isEmpty();
        assertThat(stranger.send("GET", "/internal/logs", "").body())
                .isNotEqualTo(owner.send("GET", "/internal/logs", "").body())
                .isEqualTo("\"\"");

        String same = stranger.queue(graph, CLIENT);
        stranger.ended(same);
        assertThat(stranger.cached(same)).as("the owner's results").isEmpty();
        assertThat(owner.heard().toString()).doesNotContain(same);
        String again = owner.queue(graph, CLIENT);
        owner.ended(again);
        assertThat(owner.cached(again)).as("its own results").isNotEmpty();
    }

    @Test
    void a_signed_address_opens_its_file_and_nothing_without_its_signature() throws Exception {
        String form =
                "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"large.png\"\r\n\r\n"
                        + "x".repeat(300_000)
                        + "\r\n--b--\r\n";
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest upload =
                HttpRequest.newBuilder(stack.at("/upload/image"))
                        .header("X-API-Key", key("alpha"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        assertThat(http.send(upload, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        String view = "/view?type=input&filename=large.png";
        assertThat(stranger.send("GET", view, "").statusCode()).isEqualTo(404);
        HttpResponse<String> signed = owner.send("GET", view, "");
        assertThat(signed.statusCode()).isEqualTo(302);
        URI address = stack.at(signed.headers().firstValue("location").orElseThrow());
        assertThat(status(http, address)).isEqualTo(200);
        URI bare = stack.at(address.getRawPath());
        assertThat(status(http, bare)).isEqualTo(403);
        assertThat(stranger.send("GET", bare.getRawPath(), "").statusCode()).isEqualTo(403);
    }

    private static int status(HttpClient http, URI address) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
