package comfyserverless.localstack.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that waits for a client holds its runner no longer than the setting says.
class LongestWaitIT {
    private static final String ASK =
            """
            {"prompt": {"1": {"class_type": "ExampleAskThePage", "inputs": {"question": "Anybody?"}},
                        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}}
            """;

    @Test
    void a_question_that_nobody_answers_ends_as_an_error(@TempDir Path folder) throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.ofExample(packs);
        String[] flags = {"--longest-wait", "1", "--node-packs", packs.toString()};
        try (StartedStack stack = StartedStack.start(folder, flags);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder submit =
                    HttpRequest.newBuilder(stack.at("/prompt"))
                            .POST(HttpRequest.BodyPublishers.ofString(ASK));
            String promptId = json(http, submit).path("prompt_id").asText();
            HttpRequest.Builder history = HttpRequest.newBuilder(stack.at("/history/" + promptId));
            JsonNode status =
                    await().atMost(Duration.ofSeconds(30))
                            .until(
                                    () -> json(http, history).path(promptId).path("status"),
                                    found -> !found.isMissingNode());
            assertThat(status.path("status_str").asText()).isEqualTo("error");
            assertThat(status.path("messages").toString())
                    .contains("Node 1 (ExampleAskThePage) waited 1 s for a message");
        }
    }

    private static JsonNode json(HttpClient http, HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> Json.read(answer.body()))
                .join();
    }
}
