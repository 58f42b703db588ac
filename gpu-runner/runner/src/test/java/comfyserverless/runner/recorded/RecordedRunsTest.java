package comfyserverless.runner.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.ExpectedMessages;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.image.PictureReader;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.nodes.TestNodes;
import comfyserverless.testingnodes.TestingNodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plays each recorded run against the runner: messages in their order, the history entry, the saved
/// pictures. Of the recordings of the area `exec` one is not here, preview-any-kinds: its literal values
/// are unwrapped by validation, which is no part of the runner.
class RecordedRunsTest {
    private static final Path RECORDED = Path.of("src/test/resources/recorded");

    static Stream<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDED)) {
            return files
                    .filter(f -> f.toString().endsWith(".json"))
                    .sorted()
                    .map(Path::getFileName)
                    .toList()
                    .stream();
        }
    }

    private static List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(TestNodes.core());
        nodes.addAll(new TestingNodes().nodes());
        return nodes;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void a_run_tells_what_the_real_server_told(Path recording) throws IOException {
        try (RunnerStage stage = new RunnerStage(nodes(), Duration.ofSeconds(60))) {
            try (Stream<Path> inputs = Files.walk(RECORDED.resolve("input"))) {
                for (Path file : inputs.filter(Files::isRegularFile).toList()) {
                    putInput(stage, RECORDED.resolve("input").relativize(file), file);
                }
            }
            stage.startRunner("runner-1");
            new Play(stage, Files.readString(RECORDED.resolve(recording))).play();
        }
    }

    private static void putInput(RunnerStage stage, Path name, Path file) throws IOException {
        Path parent = name.getParent();
        String subfolder = parent == null ? "" : parent.toString();
        FileRef ref = new FileRef(FileType.INPUT, subfolder, name.getFileName().toString());
        stage.ports().files().put(RunnerStage.TENANT, ref, Files.readAllBytes(file));
    }

    /// One recording on the stage.
    private static final class Play {
        private final RunnerStage stage;
        private final JsonNode steps;
        private final Map<String, String> sockets = new HashMap<>();
        private final Map<String, Integer> read = new HashMap<>();
        private final Map<String, JobKey> jobs = new HashMap<>();
        private final Map<String, String> saved = new HashMap<>();

        Play(RunnerStage stage, String text) {
            this.stage = stage;
            this.steps =
                    Json.readStored(
                                    text.replace("${run}", "0a1b2c3d")
                                            .replaceAll("\\$\\{uuid:(\\w+)}", "client-$1")
                                            .replaceAll("\\$\\{(p\\d+)}", "prompt-$1")
                                            .getBytes(StandardCharsets.UTF_8))
                            .path("steps");
        }

        void play() {
            for (JsonNode step : steps) {
                String socket = step.path("ws").asText();
                if (step.has("connect")) {
                    String client = step.at("/connect/query/clientId").asText();
                    sockets.put(socket, stage.connect(client, features(socket)));
                } else if (step.has("wait_for")) {
                    waitFor(socket, step.path("wait_for"));
                } else if (step.has("expect") && step.has("ws")) {
                    expectMessages(socket, step.path("expect"));
                } else if (step.has("request")) {
                    request(step);
                }
            }
        }

        /// What the client will have announced before its prompt.
        private ObjectNode features(String socket) {
            ObjectNode features = Json.object();
            for (JsonNode step : steps) {
                JsonNode sent = step.at("/send/json");
                if (step.path("ws").asText().equals(socket) && sent.has("data")) {
                    features.setAll((ObjectNode) sent.get("data"));
                }
            }
            return features;
        }

        private void request(JsonNode step) {
            JsonNode request = step.path("request");
            String path = request.path("path").asText();
            if (path.equals("/prompt")) {
                String id = step.path("save").fieldNames().next();
                ObjectNode body = (ObjectNode) request.path("json");
                jobs.put(id, stage.submit("prompt-" + id, body, targets("prompt-" + id)));
            } else if (path.startsWith("/history/prompt-")) {
                history(path.substring("/history/prompt-".length()), step);
            } else if (path.equals("/view")) {
                view(step);
            } else if (path.equals("/interrupt")) {
                jobs.values().forEach(job -> stage.ports().jobs().interrupt(job));
            }
        }

        private void waitFor(String socket, JsonNode wanted) {
            String connection = Objects.requireNonNull(sockets.get(socket), socket);
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            stage.posted(connection).stream()
                                    .anyMatch(m -> Expected.difference(wanted, m).isEmpty()));
        }

        /// The output nodes that validation had let through, as the history entry shows them.
        private List<String> targets(String promptId) {
            List<String> targets = new ArrayList<>();
            for (JsonNode step : steps) {
                JsonNode shown = step.at("/expect/json").path(promptId).path("prompt").path(4);
                JsonNode list = shown.has("<unordered>") ? shown.get("<unordered>") : shown;
                if (targets.isEmpty()) {
                    list.forEach(t -> targets.add(t.asText()));
                }
            }
            return targets;
        }

        /// The greeting is the functions' part, so is the status that POST /prompt sends.
        private void expectMessages(String socket, JsonNode expect) {
            JsonNode last = expect.at("/until/<superset>/data/<superset>/prompt_id");
            if (last.isMissingNode()) {
                return;
            }
            String connection = Objects.requireNonNull(sockets.get(socket), socket);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> stage.isOver(connection, last.asText()));
            List<String> ignored = new ArrayList<>();
            expect.path("ignore").forEach(t -> ignored.add(t.asText()));
            List<JsonNode> posted = stage.posted(connection);
            int from = read.getOrDefault(socket, 0);
            // The next prompt may have begun.
            List<JsonNode> all = posted.subList(0, from + stage.end(posted, from, last.asText()));
            read.put(socket, all.size());
            List<String> only = new ArrayList<>();
            expect.path("only").forEach(t -> only.add(t.asText()));
            List<JsonNode> messages =
                    all.subList(from, all.size()).stream()
                            .filter(m -> !ignored.contains(m.path("type").asText()))
                            .filter(m -> only.isEmpty() || only.contains(m.path("type").asText()))
                            .toList();
            JsonNode wanted = expect.path("messages");
            if (!ignored.contains("status") && only.isEmpty()) {
                ((com.fasterxml.jackson.databind.node.ArrayNode) wanted).remove(0);
            }
            assertThat(ExpectedMessages.difference(wanted, messages)).isEmpty();
        }

        private void history(String id, JsonNode step) {
            JobKey key = Objects.requireNonNull(jobs.get(id), id);
            HistoryEntry entry =
                    await().until(() -> stage.history(key), Optional::isPresent).orElseThrow();
            JsonNode wanted = step.at("/expect/json").path("prompt-" + id);
            JobResult result = entry.result();
            if (!wanted.isMissingNode()) {
                fits(wanted.path("outputs"), result.outputs());
                fits(wanted.path("meta"), result.meta());
                fits(wanted.at("/status/messages"), result.messages());
                fits(wanted.path("prompt").path(2), entry.job().body().prompt());
            }
            ObjectNode whole = Json.object();
            whole.putObject("prompt-" + id).set("outputs", result.outputs());
            step.path("save")
                    .properties()
                    .forEach(e -> saved.put(e.getKey(), whole.at(e.getValue().asText()).asText()));
        }

        private static void fits(JsonNode wanted, JsonNode actual) {
            assertThat(Expected.difference(wanted, actual)).isEmpty();
        }

        private void view(JsonNode step) {
            JsonNode query = step.at("/request/query");
            FileRef ref =
                    new FileRef(
                            FileType.of(filled(query.path("type"))).orElseThrow(),
                            filled(query.path("subfolder")),
                            filled(query.path("filename")));
            var files = stage.ports().files();
            StoredFile file = files.find(RunnerStage.TENANT, ref).orElseThrow();
            byte[] bytes;
            try (InputStream in = files.read(RunnerStage.TENANT, file, 0)) {
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            JsonNode image = step.at("/expect/image");
            Pixels pixels = PictureReader.read(bytes, ref.name()).getFirst().colour();
            assertThat(pixels.width()).isEqualTo(image.at("/size/0").asInt());
            assertThat(pixels.height()).isEqualTo(image.at("/size/1").asInt());
            assertThat(BinaryMessages.hash(pixels)).isEqualTo(image.path("pixels_sha256").asText());
            ObjectNode texts = Json.object();
            PngTexts.read(bytes).forEach(texts::put);
            String wanted = image.path("text").toString();
            for (Map.Entry<String, String> each : saved.entrySet()) {
                wanted = wanted.replace("${" + each.getKey() + "}", each.getValue());
            }
            fits(Json.read(wanted), texts);
        }

        private String filled(JsonNode text) {
            String variable = text.asText();
            return variable.startsWith("${")
                    ? saved.getOrDefault(
                            variable.substring(2, variable.length() - 1), "unknown " + variable)
                    : variable;
        }
    }
}
