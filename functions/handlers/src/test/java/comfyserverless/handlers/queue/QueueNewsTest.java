package comfyserverless.handlers.queue;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A quick client changes the queue before the mark of its greeting is written.
class QueueNewsTest {
    private static final String TENANT = "default";

    private final InMemoryPorts memory = new InMemoryPorts();
    private final Connection socket =
            new Connection(TENANT, "me", "A", Instant.now(), Json.object(), false);
    private final QueueNews news =
            new QueueNews(
                    memory.jobs(),
                    memory.connections(),
                    memory.post(),
                    8,
                    new StatusBudget(StatusBudget.DIRECT, System::nanoTime),
                    pause -> memory.connections().greet(socket, List.of()));

    private int heardAfter(Consumer<QueueNews> change) {
        memory.connections().connected(socket);
        change.accept(news);
        return memory.post().texts("A").size();
    }

    @Test
    void a_socket_that_is_being_greeted_hears_of_a_change() {
        assertThat(heardAfter(to -> to.changed(TENANT, "me"))).isEqualTo(1);
    }

    @Test
    void a_socket_that_is_being_greeted_hears_of_a_cleared_queue() {
        assertThat(heardAfter(to -> to.cleared(TENANT))).isEqualTo(1);
    }
}
