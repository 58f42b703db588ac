package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// API Gateway closes a socket after ten minutes without a message.
class KeepAliveTest {
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(10);

    private final TestServer server = new TestServer();
    private final ReconcileEntry clock = new ReconcileEntry(server.ports);

    private void minutes(int count) {
        for (int i = 0; i < count; i++) {
            server.clock.advance(Duration.ofMinutes(1));
            clock.run();
        }
    }

    @Test
    void no_socket_is_silent_for_ten_minutes() {
        for (int second : List.of(0, 17, 59)) {
            String socket = "S" + second;
            server.clock.advance(Duration.ofSeconds(second));
            server.connect(socket, "client-" + second);
            List<Instant> heard = new ArrayList<>(List.of(server.clock.instant()));
            for (int minute = 0; minute < 60; minute++) {
                int before = server.messages(socket).size();
                minutes(1);
                if (server.messages(socket).size() > before) {
                    heard.add(server.clock.instant());
                }
            }
            for (int i = 1; i < heard.size(); i++) {
                assertThat(Duration.between(heard.get(i - 1), heard.get(i))).isLessThan(IDLE_LIMIT);
            }
            assertThat(heard).hasSize(1 + 60 / 8);
            assertThat(server.types(socket)).containsOnly("status");
        }
    }

    @Test
    void a_socket_that_was_just_greeted_hears_nothing_more() {
        server.connect("A", "a");
        clock.run();
        assertThat(server.types("A")).containsExactly("status");
    }

    @Test
    void two_calls_in_one_minute_say_it_once() {
        server.connect("A", "a");
        minutes(8);
        clock.run();
        assertThat(server.types("A")).containsExactly("status", "status");
    }

    @Test
    void a_socket_that_is_gone_is_forgotten() {
        server.connect("A", "a");
        server.memory.post().close("A");
        minutes(8);
        assertThat(server.ports.connections().byConnectionId("A")).isEmpty();
        assertThat(server.ports.connections().keepAlive(0))
                .noneMatch(socket -> socket.connectionId().equals("A"));
    }
}
