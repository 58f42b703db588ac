package comfyserverless.contract.tenant;

import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;

import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/// What is done for each tenant now and then: its history and its input and output files go when they are older
/// than it keeps them, names and bytes together, and its files' sizes are counted anew. Who kept what for how
/// long may change at any time, so it is looked at when it is done and stands in no item.
public final class Housekeeping {
    /// How often each tenant has its turn.
    public static final Duration EVERY = Duration.ofHours(1);

    /// How many tenants have their turns in one round, and how much of a history goes in one.
    private static final int TENANTS = 20;

    private static final int ENTRIES = 1000;
    private static final String SWEPT = "swept";

    private final Table table;
    private final Ports ports;
    private final Clock clock;
    private final Supplier<String> operations;
    private final Set<String> listed = new HashSet<>();

    /// Whom it asks.
    public record Ports(Accounts accounts, Jobs jobs, Files files) {}

    /// On this table.
    ///
    /// @param operations fresh operation ids
    public Housekeeping(Table table, Ports ports, Clock clock, Supplier<String> operations) {
        this.table = table;
        this.ports = ports;
        this.clock = clock;
        this.operations = operations;
    }

    /// What a round removed.
    ///
    /// @param entries of histories
    public record Removed(int entries, int files) {}

    /// One round.
    ///
    /// @param working tenants that have work; those that nobody has made become known by it
    public synchronized Removed run(Collection<String> working) {
        for (String tenant : working) {
            if (listed.add(tenant)) {
                ports.accounts().create(tenant, Limits.none());
            }
        }
        int entries = 0;
        int files = 0;
        int turns = 0;
        for (Item row : table.all(Query.of(TenantItem.DIRECTORY, Index.MAIN))) {
            String tenant = row.key().sort();
            Limits limits = ports.accounts().limits(tenant);
            if (turns < TENANTS && concerned(limits) && isDue(row) && begins(row)) {
                turns++;
                Removed removed = turn(tenant, limits);
                entries += removed.entries();
                files += removed.files();
            }
        }
        return new Removed(entries, files);
    }

    private static boolean concerned(Limits limits) {
        return limits.find(Limit.RETENTION).isPresent() || limits.find(Limit.STORAGE).isPresent();
    }

    private boolean isDue(Item row) {
        Instant last = Instant.ofEpochMilli(row.wholeOr(SWEPT, 0));
        return !last.plus(EVERY).isAfter(clock.instant());
    }

    /// Of several that see a tenant's turn one has it.
    private boolean begins(Item row) {
        Write write =
                Write.update(
                        row.key(),
                        any(lacks(SWEPT), is(SWEPT, row.wholeOr(SWEPT, 0))),
                        operations.get(),
                        List.of(Change.set(SWEPT, clock.millis())));
        return table.write(write).done();
    }

    private Removed turn(String tenant, Limits limits) {
        OptionalLong days = limits.find(Limit.RETENTION);
        Instant before =
                days.isPresent()
                        ? clock.instant().minus(Duration.ofDays(days.getAsLong()))
                        : Instant.MIN;
        int entries = days.isPresent() ? history(tenant, before) : 0;
        boolean counted = limits.find(Limit.STORAGE).isPresent();
        Optional<Item> seen = table.get(TenantItem.key(tenant));
        int files = 0;
        long bytes = 0;
        for (FileType type : List.of(FileType.INPUT, FileType.OUTPUT)) {
            for (StoredFile file : ports.files().list(tenant, type)) {
                if (file.modified().isBefore(before) && ports.files().deleteIfSame(tenant, file)) {
                    files++;
                } else {
                    bytes += file.size();
                }
            }
        }
        if (counted && files == 0) {
            count(tenant, seen, bytes);
        }
        return new Removed(entries, files);
    }

    private int history(String tenant, Instant before) {
        int all = 0;
        int gone;
        do {
            gone = ports.jobs().forgetEnded(tenant, before, ENTRIES);
            all += gone;
        } while (gone == ENTRIES);
        return all;
    }

    /// Not if the tenant's files have changed since they were looked at, or if some have just gone: then they were
    /// taken off one by one.
    private void count(String tenant, Optional<Item> seen, long bytes) {
        Key key = TenantItem.key(tenant);
        boolean before = seen.filter(item -> item.has(TenantItem.STORED)).isPresent();
        table.write(
                Write.update(
                        key,
                        before
                                ? is(TenantItem.STORED, seen.orElseThrow().whole(TenantItem.STORED))
                                : lacks(TenantItem.STORED),
                        operations.get(),
                        List.of(Change.set(TenantItem.STORED, bytes))));
    }
}
