package comfyserverless.handlers.queue;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.DirectSockets;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.event.TokenBucket;
import comfyserverless.contract.job.Jobs;
import comfyserverless.handlers.socket.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells the sockets of changed queues that were not told by whoever changed them: those beyond the
/// first few, and, after a burst that was more than their budget, those few as well. Each socket has a
/// bucket; what it does not allow now follows as soon as it does, so the last value always goes out.
///
/// Used by one thread: changes come in order, and those that come while this waits are one batch.
public final class StatusStream {
    /// Messages a second to a socket that only hears of changes from here.
    private static final double RATE = 1.0;

    /// The same for those who are told directly too.
    private static final double MAKE_UP_RATE = 0.5;

    /// Messages a second to all sockets of a tenant together; each makes a page send two requests of its own.
    private static final int RATE_OF_ALL = 510;

    /// Where that is the limit, sockets are told in groups: each group costs a look at the queue.
    private static final long BETWEEN_GROUPS = Duration.ofMillis(100).toNanos();

    private static final int GROUP = RATE_OF_ALL / 10;
    private static final int MOST_SOCKETS = 10_000;
    private static final int MOST_TENANTS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Jobs jobs;
    private final Connections connections;
    private final QueueNews news;
    private final int others;
    private final LongSupplier nanos;
    private final Pause pause;
    private final Map<String, Socket> sockets = latest(MOST_SOCKETS);
    private final Map<String, TokenBucket> tenants = latest(MOST_TENANTS);

    private static <V> Map<String, V> latest(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /// What is known of a socket.
    ///
    /// @param direct what all who tell it directly may have used of their budgets together
    /// @param own what it may get from here
    private record Socket(TokenBucket direct, TokenBucket own) {}

    /// Where the numbers and the sockets come from.
    public record Source(Jobs jobs, Connections connections) {}

    /// Tells through `news`.
    ///
    /// @param others how many sockets besides the client's are told directly
    /// @param nanos the monotonic clock
    public StatusStream(
            Source source, QueueNews news, int others, LongSupplier nanos, Pause pause) {
        this.jobs = source.jobs();
        this.connections = source.connections();
        this.news = news;
        this.others = others;
        this.nanos = nanos;
        this.pause = pause;
    }

    /// A job came into a tenant's queue, left it, or began to run.
    ///
    /// @param clientId whose job it is, or null
    public record Change(String tenant, @Nullable String clientId) {}

    /// Tells of a batch of changes; returns when all who are owed a message have it.
    public void changed(List<Change> changes) {
        Map<String, List<Change>> byTenant =
                changes.stream().collect(Collectors.groupingBy(Change::tenant));
        Map<String, List<Connection>> owed = new LinkedHashMap<>();
        byTenant.forEach((tenant, those) -> owed.put(tenant, owed(tenant, those)));
        long end = nanos.getAsLong() + PATIENCE.toNanos();
        while (true) {
            long wait = Long.MAX_VALUE;
            for (Map.Entry<String, List<Connection>> one : owed.entrySet()) {
                wait = Math.min(wait, tell(one.getKey(), one.getValue()));
            }
            if (wait == Long.MAX_VALUE || nanos.getAsLong() - end > 0 || !waits(wait)) {
                return;
            }
        }
    }

    private boolean waits(long nanoseconds) {
        try {
            pause.sleep(Duration.ofNanos(nanoseconds));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Who has to be told from here.
    private List<Connection> owed(String tenant, List<Change> changes) {
        List<Connection> all =
                connections.all(tenant).stream().filter(Connection::greeted).toList();
        Map<String, Connection> owed = new LinkedHashMap<>();
        long now = nanos.getAsLong();
        for (Change change : changes) {
            Set<String> direct =
                    DirectSockets.of(all, change.clientId(), others).stream()
                            .map(Connection::connectionId)
                            .collect(Collectors.toSet());
            for (Connection connection : all) {
                String id = connection.connectionId();
                Socket socket = socket(connection, all);
                if (!direct.contains(id) || !socket.direct().take(now)) {
                    owed.put(id, connection);
                }
            }
        }
        return new ArrayList<>(owed.values());
    }

    private Socket socket(Connection connection, List<Connection> all) {
        return sockets.computeIfAbsent(
                connection.connectionId(),
                _ -> {
                    long now = nanos.getAsLong();
                    boolean first =
                            DirectSockets.of(all, null, others).stream()
                                    .anyMatch(connection::equals);
                    double rate = first ? MAKE_UP_RATE : RATE;
                    return new Socket(
                            new TokenBucket(StatusBudget.BURST, StatusBudget.DIRECT, now),
                            new TokenBucket(first ? 1 : StatusBudget.BURST, rate, now));
                });
    }

    /// Tells those whose bucket allows it and takes them out of `owed`; returns in how many nanoseconds
    /// the next one may be told.
    private long tell(String tenant, List<Connection> owed) {
        if (owed.isEmpty()) {
            return Long.MAX_VALUE;
        }
        List<Connection> now = new ArrayList<>();
        long wait = Long.MAX_VALUE;
        TokenBucket all =
                tenants.computeIfAbsent(
                        tenant, _ -> new TokenBucket(GROUP, RATE_OF_ALL, nanos.getAsLong()));
        for (Connection connection : owed) {
            TokenBucket bucket = socket(connection, owed).own();
            long next = bucket.untilNext(nanos.getAsLong());
            if (next == 0 && all.take(nanos.getAsLong())) {
                bucket.spend(nanos.getAsLong());
                now.add(connection);
            } else {
                wait = Math.min(wait, next == 0 ? BETWEEN_GROUPS : next);
            }
        }
        owed.removeAll(now);
        if (!now.isEmpty()) {
            news.tell(now, jobs.queueRemaining(tenant));
        }
        return wait;
    }
}
