package comfyserverless.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What [Tickets] do. Each test uses a queue of its own.
public abstract class TicketsContract {
    private static final Duration SOON = Duration.ofSeconds(1);

    protected abstract Tickets tickets();

    /// Lets this much time pass for the queue.
    protected abstract void pass(Duration time);

    @Test
    void an_empty_queue_gives_no_ticket() {
        assertThat(tickets().receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_received_ticket_is_hidden_until_its_visibility_ends() {
        tickets().send();
        Tickets.Ticket ticket = tickets().receive(SOON).orElseThrow();
        assertThat(tickets().receive(Duration.ZERO)).isEmpty();
        tickets().extend(ticket, Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));
        assertThat(tickets().receive(SOON)).isPresent();
    }

    @Test
    void a_deleted_ticket_never_comes_back() {
        tickets().send();
        Tickets.Ticket ticket = tickets().receive(SOON).orElseThrow();
        tickets().extend(ticket, Duration.ofSeconds(1));
        tickets().delete(ticket);
        tickets().delete(ticket);
        pass(Duration.ofSeconds(2));
        assertThat(tickets().receive(Duration.ZERO)).isEmpty();
        tickets().extend(ticket, Duration.ofSeconds(1));
    }

    @Test
    void each_ticket_is_received_once() {
        tickets().send();
        tickets().send();
        assertThat(tickets().receive(SOON)).isPresent();
        assertThat(tickets().receive(SOON)).isPresent();
        assertThat(tickets().receive(Duration.ZERO)).isEmpty();
    }
}
