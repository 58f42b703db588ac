package comfyserverless.contract.job;

import static comfyserverless.contract.table.Change.set;
import static comfyserverless.contract.table.Change.setIfMissing;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.is;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The tenants with work, in the order in which they were served: `A#{pool}` / `{tenant}`, whose
/// `pos` says when. A row is there before the job that needs it, and goes only when nothing was
/// queued for longer than any enqueue can take.
final class ActiveTenants {
    private static final String POS = Index.POS.attribute();
    private static final String TOUCHED = "touched";
    private static final int MOST_REMEMBERED = 10_000;

    private final Table table;
    private final String partition;
    private final Supplier<String> operations;
    private final Duration idle;
    private final Map<String, Instant> touches = new ConcurrentHashMap<>();

    ActiveTenants(Table table, JobSettings settings, Supplier<String> operations) {
        this.table = table;
        this.partition = "A#" + settings.pool();
        this.operations = operations;
        this.idle = settings.idleTenant();
    }

    /// A row as it was read.
    record Row(String tenant, String position) {
        private static Row of(Item item) {
            return new Row(item.key().sort(), item.text(POS));
        }
    }

    /// Before a job becomes pending. A tenant that had no work is served next.
    void touch(String tenant, Instant now) {
        table.write(touching(tenant, now));
        touched(tenant, now);
    }

    /// The write that has to come before a job becomes pending, or with it; none while a touch of this
    /// process is young enough: a row stays for [JobSettings#idleTenant] after its last, and half of that
    /// is far longer than an enqueue can take.
    Optional<Write> touchIfDue(String tenant, Instant now) {
        Instant last = touches.get(tenant);
        return last == null || last.plus(idle.dividedBy(2)).isBefore(now)
                ? Optional.of(touching(tenant, now))
                : Optional.empty();
    }

    /// Remembers that a touch of this time is in the table, or that an earlier one is still young.
    void touched(String tenant, Instant now) {
        if (touches.size() > MOST_REMEMBERED) {
            touches.clear();
        }
        touches.compute(
                tenant,
                (_, last) ->
                        last == null || last.plus(idle.dividedBy(2)).isBefore(now) ? now : last);
    }

    private Write touching(String tenant, Instant now) {
        return Write.update(
                new Key(partition, tenant),
                setIfMissing(POS, position(tenant, Instant.EPOCH)),
                set(TOUCHED, now.toEpochMilli()));
    }

    List<Row> longestWaiting() {
        return table.all(Query.of(partition, Index.POS)).stream().map(Row::of).toList();
    }

    /// Puts the tenant at the end of the round; false if somebody served it meanwhile.
    boolean served(Row row, Instant now) {
        Write write =
                Write.update(
                        new Key(partition, row.tenant()),
                        is(POS, row.position()),
                        operations.get(),
                        List.of(set(POS, position(row.tenant(), now))));
        return table.write(write).done();
    }

    /// Takes a tenant out of the rounds that was seen to have nothing pending and then nothing running,
    /// unless one of its jobs became pending lately.
    void retire(String tenant, Instant now, Duration idle) {
        Key key = new Key(partition, tenant);
        table.write(Write.delete(key, below(TOUCHED, now.minus(idle).toEpochMilli())));
    }

    private static String position(String tenant, Instant at) {
        return QueueOrder.count(at.toEpochMilli()) + "#" + tenant;
    }
}
