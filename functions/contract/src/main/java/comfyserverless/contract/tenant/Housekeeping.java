package comfyserverless.contract.tenant;

import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;
import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Meter;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
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
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What is done for each tenant now and then: its history and its files go when they are older than it keeps them,
/// names and bytes together, its files' sizes are counted anew, and past days are forgotten. Who keeps what for how long may change at any
/// time, so it is looked at when it is done and stands in no item. A round does so much and no more; who was not
/// finished has its turn in the next.
public final class Housekeeping {
    /// How often each tenant has its turn.
    public static final Duration EVERY = Duration.ofHours(1);

    private static final String SWEPT = "swept";

    private final Table table;
    private final Ports ports;
    private final Clock clock;
    private final Supplier<String> operations;
    private final Bounds bounds;

    /// Whom it asks.
    public record Ports(Accounts accounts, Jobs jobs, Files files) {}

    /// How much one round does.
    ///
    /// @param tenants that have their turns
    /// @param removals of entries and files
    public record Bounds(int tenants, int removals) {
        /// What a function does within a quarter of a minute.
        public static final Bounds STANDARD = new Bounds(50, 500);
    }

    /// On this table.
    ///
    /// @param operations fresh operation ids
    public Housekeeping(
            Table table, Ports ports, Clock clock, Supplier<String> operations, Bounds bounds) {
        this.table = table;
        this.ports = ports;
        this.clock = clock;
        this.operations = operations;
        this.bounds = bounds;
    }

    /// What a round did.
    ///
    /// @param entries of histories that are gone
    /// @param files that are gone
    /// @param closing tenants that are being deleted
    public record Round(int entries, int files, List<String> closing) {
        public Round {
            closing = List.copyOf(closing);
        }
    }

    /// One round.
    ///
    /// @param working tenants that have work; those that nobody has made become known by it
    public Round run(Collection<String> working) {
        List<Item> rows = rows();
        if (list(working, rows)) {
            rows = rows();
        }
        List<Item> due =
                rows.stream()
                        .filter(this::isDue)
                        .sorted(Comparator.comparingLong(row -> row.wholeOr(SWEPT, 0)))
                        .limit(bounds.tenants())
                        .toList();
        int entries = 0;
        int files = 0;
        for (Item row : due) {
            int left = bounds.removals() - entries - files;
            if (left > 0 && begins(row)) {
                Turn turn = new Turn(row, left);
                turn.take();
                entries += turn.entries;
                files += turn.files;
            }
        }
        List<String> closing =
                rows.stream()
                        .filter(row -> row.has(TenantItem.CLOSING))
                        .map(row -> row.key().sort())
                        .toList();
        return new Round(entries, files, closing);
    }

    private List<Item> rows() {
        return table.all(Query.of(TenantItem.DIRECTORY, Index.MAIN));
    }

    /// Makes those known that are not; whether there were any. A tenant that has just been deleted has no item of its own
    /// any more, though it was seen working a moment ago.
    private boolean list(Collection<String> working, List<Item> rows) {
        Set<String> known = rows.stream().map(row -> row.key().sort()).collect(Collectors.toSet());
        boolean made = false;
        for (String tenant : working) {
            if (!known.contains(tenant) && table.get(TenantItem.key(tenant)).isPresent()) {
                made |= ports.accounts().create(tenant, Limits.none());
            }
        }
        return made;
    }

    private boolean isDue(Item row) {
        Instant last = Instant.ofEpochMilli(row.wholeOr(SWEPT, 0));
        return !row.has(TenantItem.CLOSING) && !last.plus(EVERY).isAfter(clock.instant());
    }

    /// Of several that see a tenant's turn one has it.
    private boolean begins(Item row) {
        Condition unchanged =
                row.has(SWEPT) ? is(SWEPT, row.whole(SWEPT)) : any(lacks(SWEPT), is(SWEPT, 0));
        Write write =
                Write.update(
                        row.key(),
                        unchanged,
                        operations.get(),
                        List.of(Change.set(SWEPT, clock.millis())));
        return table.write(write).done();
    }

    /// A tenant's turn.
    private final class Turn {
        private final Item row;
        private final String tenant;
        private final int most;
        private int entries;
        private int files;
        private long bytes;

        Turn(Item row, int most) {
            this.row = row;
            this.tenant = row.key().sort();
            this.most = most;
        }

        void take() {
            forgetPastDays();
            Limits limits = ports.accounts().limits(tenant);
            OptionalLong days = limits.find(Limit.RETENTION);
            Instant before =
                    days.isPresent()
                            ? clock.instant().minus(Duration.ofDays(days.getAsLong()))
                            : Instant.MIN;
            if (days.isPresent()) {
                entries = ports.jobs().forgetEnded(tenant, before, most);
            }
            if (days.isPresent() || limits.find(Limit.STORAGE).isPresent()) {
                Condition unchanged = storedIsUnchanged();
                boolean finished = removeFiles(before);
                if (!finished) {
                    table.write(Write.update(row.key(), Change.set(SWEPT, 0)));
                } else if (files == 0 && limits.find(Limit.STORAGE).isPresent()) {
                    count(unchanged);
                }
            }
        }

        private void forgetPastDays() {
            Key key = TenantItem.key(tenant);
            List<Change> past =
                    table.get(key)
                            .map(item -> Meter.forgetPastDays(item, clock.instant()))
                            .orElse(List.of());
            if (!past.isEmpty()) {
                table.write(Write.update(key, present(), operations.get(), past));
            }
        }

        /// Whether all that was to go is gone.
        private boolean removeFiles(Instant before) {
            for (FileType type : FileType.values()) {
                for (StoredFile file : ports.files().list(tenant, type)) {
                    if (!file.modified().isBefore(before)) {
                        bytes += type == FileType.TEMP ? 0 : file.size();
                    } else if (entries + files == most) {
                        return false;
                    } else if (ports.files().deleteIfSame(tenant, file)) {
                        files++;
                    }
                }
            }
            return entries < most;
        }

        private Condition storedIsUnchanged() {
            return table.get(TenantItem.key(tenant))
                    .filter(item -> item.has(TenantItem.STORED))
                    .map(item -> is(TenantItem.STORED, item.whole(TenantItem.STORED)))
                    .orElse(lacks(TenantItem.STORED));
        }

        /// Not if the tenant's files have changed since they were looked at, nor if some have just gone: then they
        /// were taken off one by one.
        private void count(Condition unchanged) {
            Key key = TenantItem.key(tenant);
            Change counted = Change.set(TenantItem.STORED, bytes);
            table.write(Write.update(key, unchanged, operations.get(), List.of(counted)));
        }
    }
}
