package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client whose sockets break again and again hears all that its prompts made.
///
/// Nobody can know whether a socket that broke had delivered what was sent to it in its last moments, so
/// the end of a job may be told again to the next socket; but nothing may be lost. How often a socket hears a story
/// twice is printed. R5 is `-Dreconnect.prompts=1000`.
class ReconnectIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROMPTS = Integer.getInteger("reconnect.prompts", 60);
    private static final long SEED = Long.getLong("reconnect.seed", 5);
    private static final List<String> RESULTS =
            List.of(
                    "execution_start ",
                    "execution_cached ",
                    "executed 1",
                    "executed 2",
                    "executed 3",
                    "execution_success ",
                    "executing null");
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static ObjectNode prompt(String promptId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("prompt_id", promptId).put("client_id", "me");
        ObjectNode graph = body.putObject("prompt");
        for (String node : List.of("1", "2", "3")) {
            graph.putObject(node)
                    .put("class_type", "PreviewAny")
                    .putObject("inputs")
                    .put("source", promptId + node);
        }
        return body;
    }

    /// Whether a socket heard some of a prompt's results in their order, each once.
    private static boolean isInOrder(List<String> heard) {
        List<String> results = heard.stream().filter(RESULTS::contains).toList();
        return results.equals(RESULTS.stream().filter(results::contains).toList());
    }

    /// How many stories of a prompt on one socket were told twice or in another order: by the greeting, the runner and
    /// the replay of an end that the last socket may have swallowed.
    private static long retold(BreakingClient client) {
        return client.sockets().stream()
                .flatMap(socket -> socket.prompts().values().stream())
                .filter(heard -> !isInOrder(heard))
                .count();
    }

    /// How long sockets waited for their first message.
    private static String greetings(BreakingClient client) {
        List<Duration> waits =
                client.sockets().stream()
                        .flatMap(socket -> socket.greetedAfter().stream())
                        .sorted()
                        .toList();
        return "%d prompts, %d sockets, %d stories retold; greeted after %d ms, p99 %d ms"
                .formatted(
                        PROMPTS,
                        client.sockets().size(),
                        retold(client),
                        waits.get(waits.size() / 2).toMillis(),
                        waits.get(waits.size() * 99 / 100).toMillis());
    }

    @Test
    void every_result_reaches_its_client_though_its_sockets_break(@TempDir Path folder)
            throws IOException {
        try (StackProcess stack = new StackProcess(folder);
                BreakingClient client = new BreakingClient(stack.socket("me"), SEED)) {
            stack.start();
            await().atMost(START).until(() -> stack.get("/object_info/PreviewAny").isPresent());
            client.open();
            List<String> ids = IntStream.range(0, PROMPTS).mapToObj(i -> "prompt-" + i).toList();
            for (String id : ids) {
                int cuts = ids.indexOf(id) / 2;
                await().atMost(PATIENCE).until(() -> client.cuts() >= cuts);
                assertThat(stack.post("/prompt", prompt(id))).isPresent();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(ids)
                                    .allSatisfy(id ->
                                            assertThat(client.of(id))
                                                    .contains(
                                                            "executed 1",
                                                            "executed 2",
                                                            "executed 3",
                                                            "execution_success ",
                                                            "executing null")));
            System.out.println(greetings(client));
        }
    }
}
