package comfyserverless.contract.job;

import java.util.List;

/// One tenant's queue at a moment, in the order in which it will run.
public record QueueView(List<QueuedJob> running, List<QueuedJob> pending) {
    public QueueView {
        running = List.copyOf(running);
        pending = List.copyOf(pending);
    }
}
