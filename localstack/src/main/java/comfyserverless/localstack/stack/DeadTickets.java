package comfyserverless.localstack.stack;

import comfyserverless.contract.job.Tickets;

/// The event source mapping between the queue of tickets that nobody could use and the reconciler: each of them calls it
/// once, and is deleted when it has answered.
final class DeadTickets {
    private DeadTickets() {}

    static QueuePoll start(Tickets tickets, Runnable reconcile) {
        return QueuePoll.start(
                "dead tickets",
                tickets::receive,
                found ->
                        found.ifPresent(ticket -> {
                            reconcile.run();
                            tickets.delete(ticket);
                        }));
    }
}
