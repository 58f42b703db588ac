package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.queue.StatusStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// R11: a tenant with 1,000 sockets whose queue changes 200 times a second, on a clock that the test moves.
class StatusLoadTest {
    private static final int SOCKETS = 1000;
    private static final int CHANGES_A_SECOND = 200;
    private static final int SECONDS = 40;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long STEP = SECOND / CHANGES_A_SECOND;

    /// A page asks for the queue and for the history whenever it is told of a change.
    private static final int REQUESTS_PER_STATUS = 3;

    private static final int MOST_REQUESTS_A_SECOND = 2000;

    private final TestServer server = new TestServer();
    private final StatusStream stream = server.stream();

    /// How many messages had been sent when each second began.
    private final List<Integer> sentBefore = new ArrayList<>();

    private int changes;

    @Test
    void each_socket_hears_once_a_second_at_most_and_of_the_last_value_within_two() {
        for (int i = 0; i < SOCKETS; i++) {
            server.connect("S" + i, "client" + i);
            server.clock.advance(Duration.ofMillis(1));
        }
        server.nanos.set(0);
        sentBefore.add(sent().size());
        long quiet = SECONDS * SECOND;
        while (server.nanos.get() < quiet) {
            List<StatusStream.Change> batch = changesUntil(Math.min(server.nanos.get(), quiet));
            if (batch.isEmpty()) {
                server.nanos.addAndGet(STEP);
            } else {
                stream.changed(batch);
            }
            noteSeconds();
        }
        stream.changed(changesUntil(quiet));
        assertThat(server.nanos.get() - quiet).isLessThanOrEqualTo(2 * SECOND);
        assertThat(lastTold()).hasSize(SOCKETS).allSatisfy((_, count) -> assertThat(count).isOne());
        checkSeconds();
    }

    /// What happens up to then: a prompt comes, and the one before it is taken out.
    private List<StatusStream.Change> changesUntil(long time) {
        List<StatusStream.Change> made = new ArrayList<>();
        for (; changes * STEP <= time; changes++) {
            String client = "client" + changes % SOCKETS;
            if (changes % 2 == 0) {
                String more =
                        ",\"prompt_id\":\"p%d\",\"client_id\":\"%s\"".formatted(changes, client);
                server.post("/prompt", TestServer.prompt("x", more));
            } else {
                String last = "{\"delete\":[\"p%d\"]}".formatted(changes - 3);
                server.post("/queue", last);
            }
            made.add(new StatusStream.Change("default", client));
        }
        return made;
    }

    private List<RecordingPost.Sent> sent() {
        return server.memory.post().sent();
    }

    private void noteSeconds() {
        while (sentBefore.size() * SECOND <= server.nanos.get()) {
            sentBefore.add(sent().size());
        }
    }

    /// The queue's length as each socket heard it last.
    private Map<String, Integer> lastTold() {
        Map<String, Integer> last = new HashMap<>();
        for (RecordingPost.Sent one : sent()) {
            if (one instanceof RecordingPost.Sent.Text text) {
                JsonNode count =
                        Json.read(text.json()).at("/data/status/exec_info/queue_remaining");
                last.put(one.connectionId(), count.asInt());
            }
        }
        return last;
    }

    /// Once the bursts are used up.
    private void checkSeconds() {
        int settled = SECONDS / 2;
        List<RecordingPost.Sent> all = sent();
        Map<String, Integer> told = new HashMap<>();
        all.subList(sentBefore.get(settled), sentBefore.get(SECONDS - 1))
                .forEach(one -> told.merge(one.connectionId(), 1, Integer::sum));
        assertThat(told.values())
                .allSatisfy(count ->
                        assertThat(count).isLessThanOrEqualTo(SECONDS - 1 - settled));
        for (int second = settled; second < SECONDS - 1; second++) {
            int statuses = sentBefore.get(second + 1) - sentBefore.get(second);
            assertThat(statuses * REQUESTS_PER_STATUS).isLessThanOrEqualTo(MOST_REQUESTS_A_SECOND);
        }
    }
}
