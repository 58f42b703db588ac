package comfyserverless.contract.job;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// queue_remaining: what runs and what waits beyond the clear mark. Exact while that fits a page; for a
/// longer queue the last full count is used for a while (`S#{tenant}` / `0`), so that a prompt costs
/// as much with 100,000 before it as with none.
final class QueueCounts {
    private static final Duration FRESH = Duration.ofMinutes(2);
    private static final int COUNT_PAGE = 10_000;
    private static final String PENDING = "pending";
    private static final String AT = "at";

    private final Table table;
    private final Tenants tenants;
    private final Clock clock;

    QueueCounts(Table table, Tenants tenants, Clock clock) {
        this.table = table;
        this.tenants = tenants;
        this.clock = clock;
    }

    private static Key key(String tenant) {
        return new Key("S#" + tenant, "0");
    }

    int remaining(String tenant) {
        return remaining(tenant, tenants.read(tenant).clearSeq());
    }

    int remaining(String tenant, long clearSeq) {
        Page page = table.query(pending(tenant, clearSeq));
        List<Item> running = table.all(Query.of(JobItem.partition(tenant), Index.RUN));
        Set<JobKey> jobs = new HashSet<>();
        page.items().forEach(item -> jobs.add(JobItem.jobKey(item)));
        running.forEach(item -> jobs.add(JobItem.jobKey(item)));
        if (page.next() == null) {
            return jobs.size();
        }
        return Math.max(jobs.size(), longQueue(tenant, clearSeq) + running.size());
    }

    private static Query pending(String tenant, long clearSeq) {
        return Query.of(JobItem.partition(tenant), Index.POS).where(Protocol.beyond(clearSeq));
    }

    private int longQueue(String tenant, long clearSeq) {
        Instant oldest = clock.instant().minus(FRESH);
        return table.get(key(tenant))
                .filter(item -> Instant.ofEpochMilli(item.whole(AT)).isAfter(oldest))
                .map(item -> (int) item.whole(PENDING))
                .orElseGet(() -> count(tenant, clearSeq));
    }

    /// What waits.
    ///
    /// @param first the jobs that are next, a page of them
    /// @param size how many there are in all
    /// @param waits how long the next one has been waiting
    record Waiting(List<Candidate> first, int size, Duration waits) {}

    /// Looked at afresh.
    Waiting waiting(String tenant, long clearSeq) {
        List<Item> first = table.first(pending(tenant, clearSeq), Query.PAGE);
        int size = first.size() < Query.PAGE ? first.size() : count(tenant, clearSeq);
        Instant now = clock.instant();
        Duration waits =
                first.stream()
                        .findFirst()
                        .flatMap(item -> table.get(item.key()))
                        .map(item -> Duration.between(JobItem.of(item).origin().created(), now))
                        .orElse(Duration.ZERO);
        return new Waiting(first.stream().map(Candidate::of).toList(), size, waits);
    }

    /// How many jobs wait, counted afresh; a long count is kept.
    private int count(String tenant, long clearSeq) {
        int pending = table.count(pending(tenant, clearSeq).limit(COUNT_PAGE));
        if (pending > Query.PAGE) {
            table.write(
                    Write.put(
                            Item.of(key(tenant)).with(PENDING, pending).with(AT, clock.millis())));
        }
        return pending;
    }
}
