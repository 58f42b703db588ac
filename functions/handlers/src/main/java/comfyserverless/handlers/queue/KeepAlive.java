package comfyserverless.handlers.queue;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.job.Jobs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Tells every socket its tenant's count again each eight minutes: API Gateway closes one on which nothing was
/// said for ten, and pages say nothing by themselves.
public final class KeepAlive {
    private static final long SECONDS_A_MINUTE = 60;

    /// A younger one has just been greeted.
    private static final Duration YOUNGEST = Duration.ofMinutes(2);

    private final Jobs jobs;
    private final Connections connections;
    private final QueueNews news;
    private final Clock clock;
    private volatile long lastMinute = -1;

    public KeepAlive(Jobs jobs, Connections connections, QueueNews news, Clock clock) {
        this.jobs = jobs;
        this.connections = connections;
        this.news = news;
        this.clock = clock;
    }

    /// To be called each minute; more often does nothing more.
    public void run() {
        Instant now = clock.instant();
        long minute = now.getEpochSecond() / SECONDS_A_MINUTE;
        if (minute == lastMinute) {
            return;
        }
        lastMinute = minute;
        int slot = (int) (minute % Connections.KEEP_ALIVE_SLOTS);
        Map<String, List<Connection>> byTenant =
                connections.keepAlive(slot).stream()
                        .filter(socket -> socket.connectedAt().isBefore(now.minus(YOUNGEST)))
                        .collect(Collectors.groupingBy(Connection::tenant));
        byTenant.forEach((tenant, sockets) -> news.tell(sockets, jobs.queueRemaining(tenant)));
    }
}
