package comfyserverless.handlers.queue;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.DirectSockets;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Turn;
import comfyserverless.handlers.socket.Pause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells sockets how many prompts wait or run (`status`).
///
/// Whoever changed the count tells the client it concerns and the few sockets that connected first;
/// the queue's stream handler ([StatusStream]) tells the rest, so that no socket hears of one change
/// twice, and makes up for what a socket's budget did not allow.
public final class QueueNews {
    private static final Logger LOG = LoggerFactory.getLogger(QueueNews.class);
    private static final long DEADLINE_SECONDS = 10;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(150);

    private final Jobs jobs;
    private final Connections connections;
    private final Post post;
    private final int others;
    private final StatusBudget budget;
    private final Pause pause;

    /// Tells of changes to `jobs`.
    ///
    /// @param others how many sockets besides the client's are told directly
    /// @param budget how many messages each socket may get
    public QueueNews(
            Jobs jobs,
            Connections connections,
            Post post,
            int others,
            StatusBudget budget,
            Pause pause) {
        this.jobs = jobs;
        this.connections = connections;
        this.post = post;
        this.others = others;
        this.budget = budget;
        this.pause = pause;
    }

    /// Tells the client of a change and the first sockets of its tenant.
    public void changed(String tenant, @Nullable String clientId) {
        List<Connection> direct = direct(tenant, clientId);
        if (!direct.isEmpty()) {
            tell(direct, jobs.queueRemaining(tenant));
        }
    }

    /// The same of a prompt that was queued.
    public void queued(String tenant, @Nullable String clientId, Turn turn) {
        List<Connection> direct = direct(tenant, clientId);
        if (!direct.isEmpty()) {
            tell(direct, jobs.queueRemaining(tenant, turn));
        }
    }

    /// The greeting is sent a moment before the connection is marked as greeted, and a quick client
    /// may have queued its prompt in between: so a socket without the mark is looked at again.
    private List<Connection> greeted(Supplier<List<Connection>> sockets) {
        Duration waited = Duration.ZERO;
        while (true) {
            List<Connection> found = sockets.get();
            if (found.stream().allMatch(Connection::greeted)
                    || waited.compareTo(LONGEST_WAIT) >= 0
                    || !waits()) {
                return found.stream().filter(Connection::greeted).toList();
            }
            waited = waited.plus(LOOK_AGAIN);
        }
    }

    /// The client's socket and the first others, as far as their budgets allow.
    private List<Connection> direct(String tenant, @Nullable String clientId) {
        return greeted(() -> DirectSockets.of(connections.all(tenant), clientId, others)).stream()
                .filter(budget::allows)
                .toList();
    }

    private boolean waits() {
        try {
            pause.sleep(LOOK_AGAIN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Tells every socket of the tenant: the queue was cleared, of which no job's item shows anything.
    public void cleared(String tenant) {
        List<Connection> all = greeted(() -> connections.all(tenant));
        if (!all.isEmpty()) {
            tell(all, jobs.queueRemaining(tenant));
        }
    }

    /// Sends a count to these sockets, side by side, and waits until it is sent.
    void tell(List<Connection> sockets, int remaining) {
        String json = EventJson.write(new Event.Status(remaining, null));
        if (sockets.size() == 1) {
            tell(sockets.getFirst(), json);
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> posts =
                    sockets.stream()
                            .map(socket ->
                                    (Callable<Void>)
                                            () -> {
                                                tell(socket, json);
                                                return null;
                                            })
                            .toList();
            threads.invokeAll(posts, DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Connection socket, String json) {
        try {
            if (post.text(socket.connectionId(), json) == Post.Outcome.GONE) {
                connections.disconnected(socket.connectionId());
            }
        } catch (RuntimeException e) {
            // The count is told again at the next change; the change itself has been made.
            LOG.warn("No status to {}", socket.connectionId(), e);
        }
    }
}
