package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the process in the middle of a job: with shared results the job goes on where it was.
class SharedCacheCrashIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Duration START = Duration.ofMinutes(2);

    /// Nodes 2 and 3 take longer than what is worth sharing, node 4 long enough to be killed in it. Their
    /// picture is too large to lie in the table.
    private static final String PROMPT =
            """
            {"prompt_id": "crashed", "prompt": {
              "1": {"class_type": "EmptyImage",
                    "inputs": {"width": 512, "height": 512, "batch_size": 1, "color": 7}},
              "2": {"class_type": "TestSleep", "inputs": {"value": ["1", 0], "seconds": 0.5}},
              "3": {"class_type": "TestSleep", "inputs": {"value": ["2", 0], "seconds": 0.6}},
              "4": {"class_type": "TestSleep", "inputs": {"value": ["3", 0], "seconds": 4}},
              "5": {"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}}}}
            """;

    @TempDir private Path folder;

    @Test
    void a_killed_runners_job_goes_on_behind_the_results_that_were_shared() throws Exception {
        try (StackProcess stack = new StackProcess(folder)) {
            start(stack);
            assertThat(stack.post("/prompt", JSON.readTree(PROMPT))).isPresent();
            // When the second is written, the first is known too.
            await().atMost(START).until(() -> shared().size() > 1);
            stack.kill();
            assertThat(shared()).allMatch(file -> file.startsWith("c/default/"));
            start(stack);
            await().atMost(START).until(() -> !history(stack).isMissingNode());
            JsonNode entry = history(stack);
            assertThat(entry.at("/status/status_str").asText()).isEqualTo("success");
            assertThat(entry.at("/status/messages/1/0").asText()).isEqualTo("execution_cached");
            assertThat(entry.at("/status/messages/1/1/nodes").toString()).startsWith("[\"2\"");
            assertThat(entry.at("/outputs/5/images")).hasSize(1);
        }
    }

    private static void start(StackProcess stack) throws IOException {
        stack.start(MODULE, Map.of(), "--conformance", "--shared-cache", "1");
        await().atMost(START).until(() -> stack.get("/prompt").isPresent());
    }

    private static JsonNode history(StackProcess stack) {
        return stack.get("/history/crashed")
                .map(h -> h.path("crashed"))
                .orElse(MissingNode.getInstance());
    }

    /// The keys of shared results in the object store.
    private List<String> shared() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> file.contains("/c/"))
                    .map(file -> file.substring(file.indexOf("/c/") + 1))
                    .toList();
        }
    }
}
