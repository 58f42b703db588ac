package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.localstack.extension.StartedStack;
import comfyserverless.localstack.webhook.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static StackAdmin admin;

    @BeforeAll
    static void start() throws IOException {
        admin = new StackAdmin(folder.resolve("data"));
        started = StartedStack.start(folder, "--auth", "key", "--webhook-loopback");
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static StackTenant tenant(String name) {
        return StackTenant.create(started, admin, name, "--running", "2");
    }

    /// Runs a prompt that saves a picture; returns its id.
    private static String work(StackTenant tenant) {
        String name = tenant.name();
        HttpResponse<String> saved =
                tenant.post("/userdata/workflows%2Fa.json", "{\"of\": \"" + name + "\"}");
        assertThat(saved.statusCode()).isEqualTo(200);
        String accepted = tenant.post("/prompt", GRAPH.replace("NAME", name)).body();
        String id = Json.read(accepted).path("prompt_id").asText();
        await().atMost(PATIENCE)
                .until(() ->
                        tenant.json("/history/" + id)
                                .at("/" + id + "/status/completed")
                                .asBoolean());
        return id;
    }

    private static byte[] picture(StackTenant tenant) {
        return tenant.bytes("/view?filename=" + tenant.name() + "_00001_.png");
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
        try (Receiver receiver = Receiver.answering(500)) {
            takeOutAndDelete(receiver);
        }
    }

    private static void takeOutAndDelete(Receiver receiver) throws IOException {
        StackTenant studio = tenant("studio");
        StackTenant other = tenant("other");
        admin.json("webhooks", "set", receiver.url(), "--tenant", "studio");
        String studios = work(studio);
        String others = work(other);
        byte[] othersPicture = picture(other);

        await().atMost(PATIENCE).until(() -> receiver.received().size() == 1);

        Path export = folder.resolve("export");
        admin.json("tenant", "export", "studio", export.toString());
        assertThat(export.resolve("files/output/studio_00001_.png"))
                .hasBinaryContent(picture(studio));
        assertThat(export.resolve("history.jsonl")).content().contains(studios, "studio_00001_");
        assertThat(export.resolve("userdata/default/workflows/a.json"))
                .hasContent("{\"of\": \"studio\"}");
        assertThat(export.resolve("webhooks.jsonl")).content().contains(studios, "\"waiting\"");
        assertThat(export.resolve("manifest.json")).content().contains(receiver.url());
        try (var entries = Files.walk(export)) {
            assertThat(entries.map(Path::toString)).noneMatch(path -> path.contains("other_"));
        }

        StackTenant.Socket socket = studio.socket("page");
        int before = everythingOf("other").size();
        assertThat(everythingOf("studio")).hasSizeGreaterThan(8);
        JsonNode deleted = admin.json("tenant", "delete", "studio", "--yes");
        assertThat(deleted.path("items").asInt()).isPositive();
        assertThat(deleted.path("objects").asInt()).isPositive();
        assertThat(socket.closed()).succeedsWithin(PATIENCE);
        assertThat(everythingOf("studio")).isEmpty();
        assertThat(studio.get("/history").statusCode()).isEqualTo(401);

        assertThat(everythingOf("other")).hasSize(before);
        assertThat(picture(other)).isEqualTo(othersPicture);
        assertThat(other.json("/history").has(others)).isTrue();
        assertThat(admin.json("tenant", "list").toString())
                .contains("other")
                .doesNotContain("studio");
    }
}
