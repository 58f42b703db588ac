package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.webhook.WebhookNews;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusEntryTest {
    private static final long SECOND = 1_000_000_000L;

    private final TestServer server = new TestServer();
    private final AtomicInteger wakes = new AtomicInteger();
    private final StatusEntry entry =
            new StatusEntry(
                    server.stream(),
                    wakes::incrementAndGet,
                    new WebhookNews(server.ports.webhookOutbox(), server.clock),
                    server.ports.accounts());

    private void connect(int sockets) {
        for (int i = 0; i < sockets; i++) {
            server.connect("S" + i, "client" + i);
            server.clock.advance(Duration.ofMillis(1));
        }
    }

    /// How many status messages a socket got after its greeting.
    private int told(int socket) {
        return server.messages("S" + socket).size() - 1;
    }

    private static ObjectNode record(String sort, String before, String after) {
        ObjectNode record = Json.object();
        ObjectNode change = record.putObject("dynamodb");
        ObjectNode keys = change.putObject("Keys");
        keys.putObject("PK").put("S", sort.startsWith("J#") ? "Q#default" : "W#default");
        keys.putObject("SK").put("S", sort);
        image(change, "OldImage", before);
        image(change, "NewImage", after);
        return record;
    }

    private static void image(ObjectNode change, String name, String state) {
        if (!state.isEmpty()) {
            ObjectNode image = change.putObject(name);
            image.putObject("st").put("S", state.substring(0, 1));
            image.putObject("fence").put("N", "3");
            if (state.endsWith("swept")) {
                image.putObject("swept").put("N", "1");
            }
        }
    }

    private void handle(ObjectNode... records) throws IOException {
        ObjectNode event = Json.object();
        event.putArray("Records").addAll(List.of(records));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry.handleRequest(new ByteArrayInputStream(Json.writeBytes(event)), out, new NoContext());
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"batchItemFailures\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "J#a, '', P, 1",
        "J#a, P, R, 1",
        "J#a, R, S, 1",
        "J#a, R, R, 0",
        "J#a, P, D swept, 0",
        "J#a, S, '', 0",
        "C#a, P, R, 0",
    })
    void only_changes_of_a_jobs_state_reach_the_sockets_beyond_the_first(
            String sort, String before, String after, int told) throws IOException {
        connect(9);
        handle(record(sort, before, after));
        assertThat(told(8)).isEqualTo(told);
        assertThat(told(0)).isZero();
    }

    @Test
    void of_several_changes_in_a_batch_the_last_count_is_told() throws IOException {
        connect(9);
        handle(record("J#a", "", "P"), record("J#b", "", "P"), record("J#a", "P", "R"));
        assertThat(told(8)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"9, 1", "10, 1"})
    void after_a_burst_the_last_value_follows_when_the_rate_allows(int sockets, long seconds)
            throws IOException {
        connect(sockets);
        for (int i = 0; i < 20; i++) {
            handle(record("J#" + i, "", "P"));
        }
        assertThat(told(sockets - 1)).isEqualTo(20);
        assertThat(server.nanos.get()).isZero();
        server.post("/prompt", TestServer.prompt("x", ""));
        handle(record("J#x", "", "P"), record("J#y", "", "P"), record("J#z", "", "P"));
        assertThat(told(sockets - 1)).isEqualTo(21);
        assertThat(remaining(sockets - 1)).isEqualTo(1);
        assertThat(server.nanos.get()).isEqualTo(seconds * SECOND);
    }

    private int remaining(int socket) {
        return server.messages("S" + socket)
                .getLast()
                .at("/data/status/exec_info/queue_remaining")
                .asInt();
    }

    @Test
    void what_the_budget_of_a_directly_told_socket_did_not_allow_is_made_up_for()
            throws IOException {
        connect(1);
        for (int i = 0; i < 25; i++) {
            server.post("/prompt", TestServer.prompt("x" + i, ",\"client_id\":\"client0\""));
        }
        assertThat(told(0)).isEqualTo(20);
        handle(
                IntStream.range(0, 25)
                        .mapToObj(i -> record("J#" + i, "", "P"))
                        .toArray(ObjectNode[]::new));
        assertThat(told(0)).isEqualTo(21);
        assertThat(remaining(0)).isEqualTo(25);
    }

    @Test
    void runners_are_woken_once_for_all_jobs_of_a_batch_that_wait() throws IOException {
        handle(record("J#a", "", "P"), record("J#b", "", "P"));
        assertThat(wakes).hasValue(1);
        handle(record("J#a", "P", "R"), record("J#a", "R", "S"));
        assertThat(wakes).hasValue(1);
        handle(record("J#b", "R", "P"));
        assertThat(wakes).hasValue(2);
    }

    @Test
    void who_may_run_nothing_wakes_nobody() throws IOException {
        server.ports.accounts().limit("default", new Limits(Map.of(Limit.RUNNING, 0L)), Set.of());
        handle(record("J#a", "", "P"));
        assertThat(wakes).hasValue(0);
        server.ports.accounts().limit("default", new Limits(Map.of(Limit.RUNNING, 1L)), Set.of());
        handle(record("J#b", "", "P"));
        assertThat(wakes).hasValue(1);
    }
}
