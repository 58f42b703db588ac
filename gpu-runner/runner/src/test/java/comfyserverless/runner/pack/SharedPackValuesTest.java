package comfyserverless.runner.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.pack.CompiledPack;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.claim.GateNode;
import comfyserverless.runner.claim.RunnerLoop;
import comfyserverless.runner.recorded.RunnerStage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job goes on with another runner, from values of a type that only its pack knows. Each runner has the
/// pack in a class loader of its own.
class SharedPackValuesTest {
    private static final long PLENTY = 1L << 30;

    /// Node 3 waits at the gate until its runner is lost.
    private static final String PROMPT =
            """
            {"client_id": "me", "prompt": {
              "1": {"class_type": "CLASS", "inputs": {"points": 4}},
              "3": {"class_type": "Gate", "inputs": {"name": ["1", 1]}},
              "4": {"class_type": "MeasureCurve", "inputs": {"curve": ["1", 0]}}}}
            """;

    private final GateNode gate = new GateNode();
    private final RunnerStage stage = new RunnerStage(List.of(), Duration.ofSeconds(60));
    private final String socket = stage.connect("me");

    @TempDir private Path folder;

    @BeforeEach
    void build() throws IOException {
        CompiledPack.jar(Path.of("src/test/resources/packs/curve"), folder.resolve("curve.jar"));
    }

    @AfterEach
    void close() {
        gate.open();
        stage.close();
    }

    private RunnerLoop start(String name) {
        RunnerPacks packs = RunnerPacks.load(PackSources.in(folder), Set.of());
        assertThat(packs.packs().refused()).isEmpty();
        List<Node> nodes = new ArrayList<>(packs.nodes());
        nodes.add(gate);
        return stage.having(nodes).sharing(PLENTY, packs.types()).startRunner(name);
    }

    /// Queues the prompt, takes its first runner away at the gate, and lets a second one end it.
    private JobKey interruptedOnce(String drawing) throws InterruptedException {
        RunnerLoop first = start("first");
        ObjectNode request = (ObjectNode) Json.read(PROMPT.replace("CLASS", drawing));
        JobKey key = stage.submit("p", request, List.of("3", "4"));
        gate.awaitEntered();
        await().atMost(Duration.ofMinutes(1)).until(() -> runs("3").size() == 1);
        first.close();
        gate.open();
        start("second");
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.isOver(socket, "p"));
        return key;
    }

    private List<String> runs(String node) {
        return data("executing").stream()
                .map(data -> data.path("node").asText())
                .filter(node::equals)
                .toList();
    }

    private List<JsonNode> data(String type) {
        return stage.posted(socket).stream()
                .filter(message -> message.path("type").asText().equals(type))
                .map(message -> message.path("data"))
                .toList();
    }

    @Test
    void a_value_whose_type_has_a_codec_is_cached_for_the_next_runner() throws Exception {
        JobKey key = interruptedOnce("DrawCurve");
        assertThat(data("execution_cached").getLast().path("nodes").toString())
                .isEqualTo("[\"1\"]");
        assertThat(runs("1")).hasSize(1);
        assertThat(stage.history(key).orElseThrow().result().outputs().at("/4/text/0").asText())
                .isEqualTo("[0.0, 0.5, 1.0, 1.5]");
    }

    @Test
    void a_value_whose_type_has_none_is_made_again() throws Exception {
        JobKey key = interruptedOnce("SketchCurve");
        assertThat(data("execution_cached").getLast().path("nodes")).isEmpty();
        assertThat(runs("1")).hasSize(2);
        assertThat(stage.history(key).orElseThrow().result().outputs().at("/4/text/0").asText())
                .isEqualTo("[0.0, 0.5, 1.0, 1.5]");
    }
}
