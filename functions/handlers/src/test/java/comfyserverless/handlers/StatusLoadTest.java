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
    private static final long QUIET = SECONDS * SECOND;
    private static final long STEP = SECOND / CHANGES_A_SECOND;

    /// A page asks for the queue and for the history whenever it is told of a change.
    private static final int REQUESTS_PER_STATUS = 3;

    private static final int MOST_REQUESTS_A_SECOND = 2000;

    private final TestServer server = new TestServer();
    private final StatusStream stream =
            new StatusStream(
                    new StatusStream.Source(server.ports.jobs(), server.ports.connections()),
                    Endpoints.news(server.ports),
                    server.ports.settings().otherSockets(),
                    server.nanos::get,
                    pause -> pass(pause.toNanos()));

    /// How many messages had been sent when each second began.
    private final List<Integer> sentBefore = new ArrayList<>();

    /// What changed since the stream's last batch.
    private final List<StatusStream.Change> happened = new ArrayList<>();

    private int changes;

    /// How many messages had been sent two seconds after the last change.
    private int sentInTime;

    @Test
    void each_socket_hears_once_a_second_at_most_and_of_the_last_value_within_two() {
        for (int i = 0; i < SOCKETS; i++) {
            server.connect("S" + i, "client" + i);
            server.clock.advance(Duration.ofMillis(1));
        }
        server.nanos.set(0);
        sentBefore.add(sent().size());
        while (server.nanos.get() < QUIET || !happened.isEmpty()) {
            List<StatusStream.Change> batch = List.copyOf(happened);
            happened.clear();
            if (batch.isEmpty()) {
                pass(STEP);
            } else {
                stream.changed(batch);
            }
        }
        pass(2 * SECOND);
        int remaining = server.ports.jobs().queueRemaining("default");
        assertThat(lastTold(sent().subList(0, sentInTime)))
                .hasSize(SOCKETS)
                .allSatisfy((_, count) -> assertThat(count).isEqualTo(remaining));
        checkSeconds();
    }

    /// Time passes, in which the queue changes as it does.
    private void pass(long time) {
        long end = server.nanos.get() + time;
        while (server.nanos.get() < end) {
            if (server.nanos.get() <= QUIET + 2 * SECOND) {
                sentInTime = sent().size();
            }
            long next = Math.min(end, (server.nanos.get() / STEP + 1) * STEP);
            server.nanos.set(next);
            if (next % SECOND == 0) {
                sentBefore.add(sent().size());
            }
            if (next % STEP == 0 && next <= QUIET) {
                change();
            }
        }
    }

    /// A prompt comes, or the one before the last is taken out.
    private void change() {
        String client = "client" + changes % SOCKETS;
        if (changes % 2 == 0) {
            String more = ",\"prompt_id\":\"p%d\",\"client_id\":\"%s\"".formatted(changes, client);
            server.post("/prompt", TestServer.prompt("x", more));
        } else {
            server.post("/queue", "{\"delete\":[\"p%d\"]}".formatted(changes - 3));
        }
        happened.add(new StatusStream.Change("default", client));
        changes++;
    }

    private List<RecordingPost.Sent> sent() {
        return server.memory.post().sent();
    }

    /// The queue's length as each socket heard it last.
    private static Map<String, Integer> lastTold(List<RecordingPost.Sent> messages) {
        Map<String, Integer> last = new HashMap<>();
        for (RecordingPost.Sent one : messages) {
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
                .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(SECONDS - 1 - settled));
        for (int second = settled; second < SECONDS - 1; second++) {
            int statuses = sentBefore.get(second + 1) - sentBefore.get(second);
            assertThat(statuses * REQUESTS_PER_STATUS).isLessThanOrEqualTo(MOST_REQUESTS_A_SECOND);
        }
    }
}
