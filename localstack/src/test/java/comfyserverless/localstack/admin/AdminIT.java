package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `comfy-admin --local` does to a running local stack.
class AdminIT {
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(10);
    private static final int PART = 16 << 20;
    private static final int TENSOR = 2 * PART + 1000;
    private static final String CHECKPOINTS = "/CheckpointLoaderSimple/input/required/ckpt_name/0";

    @TempDir private static Path folder;

    private static @Nullable StartedStack started;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        started = StartedStack.start(folder, "--runners", "none");
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
        assertThat(folder.resolve("data").resolve(SettingsFile.NAME)).doesNotExist();
    }

    private static AdminCall call(String... arguments) {
        return new StackAdmin(folder.resolve("data")).call(arguments);
    }

    private List<String> listed(String path, String pointer) {
        if (started == null) {
            throw new IllegalStateException("the stack was not started");
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(started.at(path)).build();
            String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            List<String> names = new ArrayList<>();
            Json.read(body).at(pointer).forEach(name -> names.add(name.asText()));
            return names;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Three parts long.
    private static Path model(String name) throws IOException {
        byte[] header =
                ("{\"w\":{\"dtype\":\"U8\",\"shape\":["
                                + TENSOR
                                + "],\"data_offsets\":[0,"
                                + TENSOR
                                + "]}}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] tensor = new byte[TENSOR];
        new Random(name.hashCode()).nextBytes(tensor);
        Path file = folder.resolve(name);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length)
                            .array());
            out.write(header);
            out.write(tensor);
        }
        return file;
    }

    private static Aws stores() throws IOException {
        AwsSettings settings =
                SettingsFile.read(folder.resolve("data").resolve(SettingsFile.NAME))
                        .orElseThrow()
                        .settings();
        return Aws.open(settings, JobSettings.standard());
    }

    @Test
    void a_pushed_model_is_listed_and_a_removed_one_is_not() throws IOException {
        Path file = model("pushed.safetensors");
        AdminCall pushed =
                call("models", "push", file.toString(), "--folder", "checkpoints", "--json");
        assertThat(pushed.code()).as(pushed.err()).isZero();
        assertThat(pushed.json().path("size").asLong()).isEqualTo(Files.size(file));
        await().atMost(LISTED_WITHIN)
                .untilAsserted(() ->
                        assertThat(listed("/models/checkpoints", ""))
                                .contains("pushed.safetensors"));
        await().atMost(LISTED_WITHIN)
                .untilAsserted(() ->
                        assertThat(listed("/api/object_info", CHECKPOINTS))
                                .contains("pushed.safetensors"));
        assertThat(call("models", "ls").out()).contains("pushed.safetensors", "shapes-sd1");
        assertThat(call("models", "rm", "checkpoints/pushed.safetensors").code()).isZero();
        await().atMost(LISTED_WITHIN)
                .untilAsserted(() ->
                        assertThat(listed("/models/checkpoints", ""))
                                .doesNotContain("pushed.safetensors"));
    }

    @Test
    void an_upload_that_was_broken_off_goes_on() throws IOException {
        Path file = model("resumed.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ModelStore.Place place =
                new ModelStore.Place(ModelIndex.SHARED, "loras", "resumed.safetensors");
        try (Aws aws = stores()) {
            ModelStore.Upload broken = aws.modelStore().upload(place, bytes.length);
            broken.put(2, Arrays.copyOfRange(bytes, PART, 2 * PART));
        }
        AdminCall pushed = call("models", "push", file.toString(), "-f", "loras", "--json");
        assertThat(pushed.code()).as(pushed.err()).isZero();
        assertThat(pushed.json().path("resumed").asLong()).isEqualTo(PART);
        try (Aws aws = stores()) {
            assertThat(aws.modelStore().read(place, 0, bytes.length)).hasBinaryContent(bytes);
            Path fetched =
                    aws.models(folder.resolve("cache"))
                            .local(
                                    "default",
                                    aws.models(folder.resolve("cache"))
                                            .find("default", "loras", "resumed.safetensors")
                                            .orElseThrow(),
                                    (read, of) -> {});
            assertThat(fetched).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void what_a_push_had_stored_when_it_was_killed_is_listed_by_the_next() throws IOException {
        Path file = model("killed.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ModelStore.Place place =
                new ModelStore.Place(ModelIndex.SHARED, "vae", "killed.safetensors");
        try (Aws aws = stores()) {
            ModelStore.Upload upload = aws.modelStore().upload(place, bytes.length);
            for (int part = 1; part <= upload.parts(); part++) {
                int from = (part - 1) * PART;
                upload.put(
                        part, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART)));
            }
            upload.complete();
        }
        AdminCall pushed = call("models", "push", file.toString(), "-f", "vae", "--json");
        assertThat(pushed.code()).as(pushed.err()).isZero();
        assertThat(pushed.json().path("unchanged").asBoolean()).isTrue();
        await().atMost(LISTED_WITHIN)
                .untilAsserted(
                        () -> assertThat(listed("/models/vae", "")).contains("killed.safetensors"));
    }

    @Test
    void a_key_that_was_made_opens_until_it_is_revoked() throws IOException {
        JsonNode made = call("key", "create", "--tenant", "studio", "--json").json();
        String key = made.path("key").asText();
        try (Aws aws = stores()) {
            Credentials credentials = aws.ports().credentials(() -> "unused");
            assertThat(credentials.find(Credentials.Kind.KEY, key))
                    .hasValueSatisfying(who -> assertThat(who.tenant()).isEqualTo("studio"));
            assertThat(call("key", "revoke", "--tenant", "studio", made.path("id").asText()).code())
                    .isZero();
            assertThat(credentials.find(Credentials.Kind.KEY, key)).isEmpty();
        }
    }
}
