package comfyserverless.contract.fake;

import comfyserverless.contract.job.Tickets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// [Tickets] in memory, with visibility by a clock; [#receive] never waits.
public final class InMemoryTickets implements Tickets {
    private static final Duration VISIBILITY = Duration.ofSeconds(30);

    private final Clock clock;
    private final Map<Long, Instant> visible = new LinkedHashMap<>();
    private final Map<String, Long> receipts = new LinkedHashMap<>();
    private long sent;
    private long received;

    public InMemoryTickets(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void send() {
        visible.put(sent++, clock.instant());
    }

    @Override
    public synchronized Optional<Ticket> receive(Duration wait) {
        Instant now = clock.instant();
        for (Map.Entry<Long, Instant> ticket : visible.entrySet()) {
            if (!ticket.getValue().isAfter(now)) {
                ticket.setValue(now.plus(VISIBILITY));
                String receipt = "receipt-" + received++;
                receipts.put(receipt, ticket.getKey());
                return Optional.of(new Ticket(receipt));
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized void extend(Ticket ticket, Duration visibility) {
        Long id = receipts.get(ticket.receipt());
        if (id != null) {
            visible.computeIfPresent(id, (key, old) -> clock.instant().plus(visibility));
        }
    }

    @Override
    public synchronized void delete(Ticket ticket) {
        Long id = receipts.remove(ticket.receipt());
        if (id != null) {
            visible.remove(id);
        }
    }

    /// How many tickets there are, hidden ones included.
    public synchronized int size() {
        return visible.size();
    }
}
