package comfyserverless.contract.job;

import static comfyserverless.contract.table.Condition.above;
import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.is;

import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How many jobs may wait, where a tenant's are limited: `T#{tenant}` / `waiting` counts up with each job that
/// is accepted, in the very transaction that accepts it, and nobody counts down. At the limit, and when the number is
/// old, the jobs that really wait are counted, and the number becomes that if nobody was accepted meanwhile.
/// So it is never below what was accepted, and a job that starts or is deleted costs nothing more. Jobs
/// that come back from a runner are let in whatever the limit.
final class WaitingRoom {
    private static final String COUNT = "n";
    private static final String FRESH_UNTIL = TenantItem.COUNTED_UNTIL;

    /// Where the deployment's limit was lifted and set again, the number stood still meanwhile; a tenant's own limit
    /// begins with counting.
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Table table;
    private final Tenants tenants;
    private final Clock clock;
    private final Supplier<String> operations;

    WaitingRoom(Table table, Tenants tenants, Clock clock, Supplier<String> operations) {
        this.table = table;
        this.tenants = tenants;
        this.clock = clock;
        this.operations = operations;
    }

    /// Part of the transaction that accepts a job.
    Write take(String tenant, long most) {
        return Write.update(
                TenantItem.waiting(tenant),
                below(COUNT, most).and(above(FRESH_UNTIL, clock.millis())),
                operations.get(),
                List.of(Change.add(COUNT, 1)));
    }

    /// Counts anew after a refusal; false if as many wait as may.
    boolean hasRoom(String tenant, long most) {
        Optional<Item> seen = table.get(TenantItem.waiting(tenant));
        if (seen.filter(item -> take(tenant, most).condition().holds(item)).isPresent()) {
            return true;
        }
        long clearSeq = tenants.read(tenant).clearSeq();
        int waiting =
                table.count(
                        Query.of(JobItem.partition(tenant), Index.POS)
                                .where(Protocol.beyond(clearSeq)));
        if (waiting >= most) {
            return false;
        }
        table.write(
                Write.update(
                        TenantItem.waiting(tenant),
                        seen.map(item -> is(Write.OPERATION, item.text(Write.OPERATION)))
                                .orElse(absent()),
                        operations.get(),
                        List.of(
                                Change.set(COUNT, waiting),
                                Change.set(
                                        FRESH_UNTIL, clock.instant().plus(FRESH).toEpochMilli()))));
        return true;
    }
}
