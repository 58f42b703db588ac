package comfyserverless.contract.file;

import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.lacks;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// How many bytes a tenant's files have, on its item; counted only where they are limited. Room is taken before
/// a file is written and given back when it goes, so the count is never too low for long; housekeeping
/// counts anew. Temporary files do not count: they go by themselves.
final class Storage {
    private static final Duration RETRY = Duration.ofMinutes(5);

    private final Table table;
    private final Supplier<String> operations;
    private final KnownLimits limits;

    Storage(Table table, Supplier<String> operations, KnownLimits limits) {
        this.table = table;
        this.operations = operations;
        this.limits = limits;
    }

    /// Takes room for so many bytes more; nothing for what shrinks, which [#give]s back once it is smaller.
    ///
    /// @throws LimitReached if the tenant has not so much
    void take(String tenant, FileRef ref, long bytes) {
        OptionalLong most = most(tenant, ref);
        if (most.isEmpty() || bytes <= 0) {
            return;
        }
        if (bytes > most.getAsLong()) {
            throw new LimitReached(Limit.STORAGE, most.getAsLong(), RETRY);
        }
        Write add =
                Write.update(
                        TenantItem.key(tenant),
                        any(
                                lacks(TenantItem.STORED),
                                below(TenantItem.STORED, most.getAsLong() - bytes + 1)),
                        operations.get(),
                        List.of(Change.add(TenantItem.STORED, bytes)));
        if (table.write(add) instanceof Outcome.Refused) {
            throw new LimitReached(Limit.STORAGE, most.getAsLong(), RETRY);
        }
    }

    /// Gives back what a file had that is gone or smaller, or that was not written.
    void give(String tenant, FileRef ref, long bytes) {
        if (most(tenant, ref).isPresent() && bytes > 0) {
            table.write(
                    Write.update(TenantItem.key(tenant), Change.add(TenantItem.STORED, -bytes)));
        }
    }

    private OptionalLong most(String tenant, FileRef ref) {
        return ref.type() == FileType.TEMP
                ? OptionalLong.empty()
                : limits.of(tenant).find(Limit.STORAGE);
    }
}
