package comfyserverless.localstack.stack;

import comfyserverless.contract.job.Tickets;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/// The event source mapping between the queue of tickets that nobody could use and the reconciler: each of them calls it
/// once, and is deleted when it has answered.
final class DeadTickets implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeadTickets.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final Tickets tickets;
    private final Runnable reconcile;
    private final Thread thread;
    private volatile boolean closed;

    private DeadTickets(Tickets tickets, Runnable reconcile) {
        this.tickets = tickets;
        this.reconcile = reconcile;
        this.thread = Thread.ofVirtual().name("dead-tickets").unstarted(this::run);
    }

    static DeadTickets start(Tickets tickets, Runnable reconcile) {
        DeadTickets dead = new DeadTickets(tickets, reconcile);
        dead.thread.start();
        return dead;
    }

    private void run() {
        while (!closed) {
            try {
                serve(tickets.receive(WAIT));
            } catch (UncheckedIOException e) {
                if (!closed) {
                    LOG.log(System.Logger.Level.WARNING, "a dead ticket waits", e);
                    pause();
                }
            }
        }
    }

    private void serve(Optional<Tickets.Ticket> ticket) {
        if (ticket.isPresent() && !closed) {
            reconcile.run();
            tickets.delete(ticket.get());
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_TROUBLE);
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
