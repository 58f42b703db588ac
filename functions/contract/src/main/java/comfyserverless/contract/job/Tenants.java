package comfyserverless.contract.job;

import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Meter;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import comfyserverless.contract.webhook.TableWebhookSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A tenant's counters, marks and limits: `T#{tenant}` / `0`.
final class Tenants {
    private static final String NUMBER = "num";
    private static final String SEQ = "seq";
    private static final String HISTORY = "ended";
    private static final String CLEARED = "clearSeq";
    private static final String HISTORY_CLEARED = "hisSeq";

    private final Table table;
    private final KnownLimits limits;
    private final Clock clock;

    Tenants(Table table, KnownLimits limits, Clock clock) {
        this.table = table;
        this.clock = clock;
        this.limits = limits;
    }

    /// What a tenant's item says.
    ///
    /// @param clearSeq jobs accepted up to here are no longer pending
    /// @param historyMark history entries up to here are gone
    /// @param mostRunning how many jobs of the tenant may run at once
    record Tenant(long clearSeq, long historyMark, long mostRunning) {}

    static Key key(String tenant) {
        return TenantItem.key(tenant);
    }

    Tenant read(String tenant) {
        return of(tenant, table.get(key(tenant)).orElse(null));
    }

    /// What an item that was read along with others says. Whoever reads or writes it learns the limits by the way.
    Tenant of(String tenant, @Nullable Item item) {
        Limits now = limits.seen(tenant, item);
        return new Tenant(
                item == null ? 0 : item.wholeOr(CLEARED, 0),
                item == null ? 0 : item.wholeOr(HISTORY_CLEARED, 0),
                now.find(Limit.RUNNING).orElse(Long.MAX_VALUE));
    }

    /// Part of a transaction that holds only while nobody cleared the queue since the tenant was read.
    Write notClearedSince(String tenant, Tenant seen) {
        Condition same = is(CLEARED, seen.clearSeq());
        return new Write.Check(
                key(tenant), seen.clearSeq() == 0 ? any(lacks(CLEARED), same) : same);
    }

    /// A prompt arrives. The one write that every prompt makes of its tenant, before it is judged: what
    /// limits arrivals is read from its answer, the whole item, so that limits cost no calls.
    Turn nextTurn(String tenant, boolean counts) {
        Item item =
                counts
                        ? counted(tenant, Change.add(SEQ, 1), Change.add(NUMBER, 1))
                        : counted(tenant, Change.add(SEQ, 1));
        // The first number is 0, as ComfyUI's.
        long number = item.wholeOr(NUMBER, 0) - (counts ? 1 : 0);
        return new Turn(
                number,
                item.whole(SEQ),
                of(tenant, item).clearSeq(),
                item.textOrNull(TableWebhookSettings.MARK),
                admission(tenant, item));
    }

    private Admission admission(String tenant, Item item) {
        Limits now = limits.seen(tenant, item);
        Instant at = clock.instant();
        OptionalLong seconds = now.find(Limit.GPU_SECONDS);
        boolean usedUp =
                seconds.isPresent()
                        && Meter.usedToday(item, at)
                                        .compareTo(Duration.ofSeconds(seconds.getAsLong()))
                                >= 0;
        return new Admission(
                now.find(Limit.PENDING).orElse(Long.MAX_VALUE),
                Meter.usualRun(item, at),
                usedUp
                        ? new LimitReached(
                                Limit.GPU_SECONDS, seconds.getAsLong(), Meter.untilTomorrow(at))
                        : null,
                item.has(TenantItem.CLOSING));
    }

    /// Part of the transaction that ends a job: its run counts.
    Write used(Claim claim, Instant end) {
        return Write.update(
                key(claim.key().tenant()),
                Meter.ended(end, Meter.run(claim.at(), end)).toArray(Change[]::new));
    }

    long nextSeq(String tenant) {
        return counted(tenant, Change.add(SEQ, 1)).whole(SEQ);
    }

    long nextHistory(String tenant) {
        return counted(tenant, Change.add(HISTORY, 1)).whole(HISTORY);
    }

    /// A lost answer may count twice: the numbers rise, but not always by one.
    private Item counted(String tenant, Change... counters) {
        return switch (table.write(Write.update(key(tenant), counters))) {
            case Outcome.Done done -> done.written();
            case Outcome.Refused refused ->
                    throw new IllegalStateException("a write without condition was refused");
        };
    }

    void clearPending(String tenant) {
        table.write(Write.update(key(tenant), Change.copy(SEQ, CLEARED)));
    }

    void clearHistory(String tenant) {
        table.write(Write.update(key(tenant), Change.copy(HISTORY, HISTORY_CLEARED)));
    }
}
