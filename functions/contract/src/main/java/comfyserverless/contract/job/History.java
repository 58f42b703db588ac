package comfyserverless.contract.job;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The ended jobs that the index `his` shows beyond the tenant's history mark.
final class History {
    private static final String HIS = Index.HIS.attribute();

    private final Table table;
    private final Protocol protocol;
    private final Bodies bodies;
    private final Summaries summaries;
    private final Tenants tenants;

    History(Table table, Protocol protocol, Bodies bodies, Summaries summaries, Tenants tenants) {
        this.table = table;
        this.protocol = protocol;
        this.bodies = bodies;
        this.summaries = summaries;
        this.tenants = tenants;
    }

    /// As ComfyUI's get_history: oldest first; `maxItems` < 0 shows all, and an `offset` < 0 with
    /// `maxItems` the newest.
    List<HistoryEntry> list(String tenant, int maxItems, int offset) {
        Query all =
                Query.of(JobItem.partition(tenant), Index.HIS)
                        .above(QueueOrder.count(tenants.read(tenant).historyMark()));
        if (maxItems >= 0 && offset >= 0) {
            List<Item> items = table.first(all, offset + maxItems);
            return entries(items.subList(Math.min(offset, items.size()), items.size()));
        }
        int most = maxItems < 0 ? JobSettings.HISTORY : maxItems;
        List<Item> newest = table.first(all.backward(), most).reversed();
        int skip = maxItems < 0 && offset > 0 ? Math.min(offset, newest.size()) : 0;
        return entries(newest.subList(skip, newest.size()));
    }

    Optional<HistoryEntry> find(JobKey key) {
        Key tenantKey = Tenants.key(key.tenant());
        Map<Key, Item> found = table.getAll(List.of(JobItem.key(key), tenantKey));
        Item item = found.get(JobItem.key(key));
        if (item == null || !item.has(HIS)) {
            return Optional.empty();
        }
        long mark = tenants.of(key.tenant(), found.get(tenantKey)).historyMark();
        return item.text(HIS).compareTo(QueueOrder.count(mark)) > 0
                ? entries(List.of(item)).stream().findFirst()
                : Optional.empty();
    }

    /// With prompts and results: one item each.
    private List<HistoryEntry> entries(List<Item> items) {
        List<Candidate> jobs = items.stream().map(Candidate::of).toList();
        Map<Key, Item> found = table.getAll(jobs.stream().map(History::key).toList());
        List<HistoryEntry> entries = new ArrayList<>();
        for (Candidate job : jobs) {
            Item body = found.get(key(job));
            if (body != null) {
                summaries
                        .read(body, job.fence())
                        .map(summary -> entry(job, bodies.read(body), summary))
                        .ifPresent(entries::add);
            }
        }
        return entries;
    }

    private static Key key(Candidate job) {
        return Bodies.key(job.key(), job.body());
    }

    private static HistoryEntry entry(
            Candidate job, Bodies.Stored stored, Summaries.Summary summary) {
        return new HistoryEntry(
                new QueuedJob(job.number(), job.key().promptId(), stored.body(), stored.created()),
                job.clientId(),
                summary.result(),
                summary.created(),
                summary.started(),
                summary.ended(),
                summary.gpu());
    }

    void delete(JobKey key, Instant now) {
        if (table.write(protocol.forget(key, now)) instanceof Outcome.Done done) {
            removeContent(JobItem.of(done.written()));
        }
    }

    /// Removes up to `most` of the entries that a clear has hidden; returns how many.
    int sweep(String tenant, int most, Instant now) {
        String mark = QueueOrder.count(tenants.read(tenant).historyMark());
        int swept = 0;
        for (Item item : table.first(Query.of(JobItem.partition(tenant), Index.HIS), most)) {
            String history = item.text(HIS);
            if (history.compareTo(mark) > 0) {
                break;
            }
            Outcome outcome = table.write(protocol.forgetSwept(JobItem.jobKey(item), history, now));
            if (outcome instanceof Outcome.Done done) {
                removeContent(JobItem.of(done.written()));
                swept++;
            }
        }
        return swept;
    }

    /// Removes those of the `most` oldest entries whose run began before then; returns how many.
    int forgetEnded(String tenant, Instant before, int most, Instant now) {
        List<Key> oldest =
                table.first(Query.of(JobItem.partition(tenant), Index.HIS), most).stream()
                        .map(Item::key)
                        .toList();
        int gone = 0;
        for (Item job : table.getAll(oldest).values()) {
            boolean old = job.wholeOr(JobItem.CLAIMED, 0) < before.toEpochMilli();
            if (!old || !job.has(HIS)) {
                continue;
            }
            Write write = protocol.forgetSwept(JobItem.jobKey(job), job.text(HIS), now);
            if (table.write(write) instanceof Outcome.Done done) {
                removeContent(JobItem.of(done.written()));
                gone++;
            }
        }
        return gone;
    }

    /// Removes what the last holder of a reused id left.
    void forgetReplaced(JobItem ended) {
        bodies.delete(ended.key(), ended.origin().body());
    }

    private void removeContent(JobItem job) {
        bodies.delete(job.key(), job.origin().body());
    }
}
