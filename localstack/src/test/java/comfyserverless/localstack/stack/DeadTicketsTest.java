package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.fake.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadTicketsTest {
    @Test
    void each_dead_ticket_calls_the_reconciler_once() {
        InMemoryTickets tickets = new InMemoryTickets(new ManualClock());
        AtomicInteger calls = new AtomicInteger();
        tickets.send();
        tickets.send();
        try (QueuePoll dead = DeadTickets.start(tickets, calls::incrementAndGet)) {
            await().until(() -> calls.get() == 2);
            assertThat(dead).isNotNull();
        }
        assertThat(tickets.receive(Duration.ZERO)).isEmpty();
    }
}
