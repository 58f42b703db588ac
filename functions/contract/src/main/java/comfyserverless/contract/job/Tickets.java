package comfyserverless.contract.job;

import java.time.Duration;
import java.util.Optional;

/// The wake-up calls of runners: a ticket says "there is work", never which job.
public interface Tickets {
    /// A received ticket; `receipt` names this one delivery.
    record Ticket(String receipt) {}

    void send();

    /// Waits up to `wait` for a ticket.
    Optional<Ticket> receive(Duration wait);

    /// Keeps the ticket hidden from others for `visibility` more.
    void extend(Ticket ticket, Duration visibility);

    void delete(Ticket ticket);
}
