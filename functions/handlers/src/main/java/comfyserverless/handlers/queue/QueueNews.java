package comfyserverless.handlers.queue;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.Jobs;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Tells sockets how many prompts wait or run (`status`).
///
/// Whoever changed the count tells the client it concerns and the few sockets that connected first;
/// the queue's stream handler tells the rest, so that no socket hears of one change twice.
public final class QueueNews {
    private static final Logger LOG = LoggerFactory.getLogger(QueueNews.class);
    private static final long DEADLINE_SECONDS = 10;

    private final Jobs jobs;
    private final Connections connections;
    private final Post post;
    private final int others;

    /// Tells of changes to `jobs`.
    ///
    /// @param others how many sockets besides the client's are told directly
    public QueueNews(Jobs jobs, Connections connections, Post post, int others) {
        this.jobs = jobs;
        this.connections = connections;
        this.post = post;
        this.others = others;
    }

    /// Tells the client of a change and the first sockets of its tenant.
    public void changed(String tenant, @Nullable String clientId) {
        List<Connection> direct = direct(connections.all(tenant), clientId).toList();
        if (!direct.isEmpty()) {
            tell(direct, jobs.queueRemaining(tenant));
        }
    }

    /// Tells those whom [#changed] leaves out.
    public void changedForTheRest(String tenant, @Nullable String clientId) {
        List<Connection> all = connections.all(tenant);
        if (all.size() <= others) {
            return;
        }
        List<Connection> direct = direct(all, clientId).toList();
        List<Connection> rest =
                all.stream().filter(Connection::greeted).filter(c -> !direct.contains(c)).toList();
        if (!rest.isEmpty()) {
            tell(rest, jobs.queueRemaining(tenant));
        }
    }

    private Stream<Connection> direct(List<Connection> all, @Nullable String clientId) {
        Stream<Connection> own = all.stream().filter(c -> Objects.equals(c.clientId(), clientId));
        Stream<Connection> first =
                all.stream()
                        .filter(c -> !Objects.equals(c.clientId(), clientId))
                        .sorted(
                                Comparator.comparing(Connection::connectedAt)
                                        .thenComparing(Connection::connectionId))
                        .limit(others);
        return Stream.concat(own, first).filter(Connection::greeted);
    }

    private void tell(List<Connection> sockets, int remaining) {
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
