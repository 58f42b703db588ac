package comfyserverless.contract.tenant;

import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Deletes a tenant with all that it has, in three steps: [#close] lets nobody in any more and asks its jobs to
/// end, [#settle] waits until they have, [#remove] takes away what there is. Broken off anywhere, it is begun
/// again and goes on with what is left; what goes last is the mark that the tenant is being deleted.
public final class Removal {
    /// How long functions may still take a key for good that is gone.
    public static final Duration KEYS_TRUSTED = Duration.ofSeconds(60);

    /// How long [#settle] waits for jobs and sockets.
    public static final Duration PATIENCE = Duration.ofSeconds(150);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final int PASSES = 10;

    /// So many go between two signs of progress.
    private static final int AT_ONCE = 500;

    private final Ports ports;
    private final Optional<Models> models;
    private final Chance chance;

    /// What it reads and removes.
    ///
    /// @param settings the runners' lease is in them
    public record Ports(
            Table table,
            Blobs blobs,
            Accounts accounts,
            Jobs jobs,
            Connections connections,
            JobSettings settings) {}

    /// The tenant's own models.
    public record Models(ModelStore store, ModelIndex index) {}

    /// What a test wants to hold in its hands.
    ///
    /// @param operations fresh operation ids
    public record Chance(Clock clock, Supplier<String> operations, Sleep sleep) {}

    /// Lets time pass.
    public interface Sleep {
        /// Returns that much later.
        void during(Duration time);
    }

    /// Hears how far it is.
    public interface Progress {
        /// Something more is gone.
        ///
        /// @param items how many items of the table are gone
        /// @param objects how many files and other objects are gone
        void removed(long items, long objects);
    }

    /// What still holds a closed tenant up.
    ///
    /// @param jobs how many run
    /// @param sockets how many are open
    /// @param keys how long a function may still take a key of the tenant
    public record Holding(int jobs, int sockets, Duration keys) {
        private boolean nothing() {
            return jobs == 0 && sockets == 0 && !keys.isPositive();
        }
    }

    /// Removes from these stores.
    ///
    /// @param models empty where models are a folder of the machine, which stays
    public Removal(Ports ports, Optional<Models> models, Chance chance) {
        this.ports = ports;
        this.models = models;
        this.chance = chance;
    }

    /// Whether there is anything of the tenant, known or not. It reads the whole table.
    public boolean knows(String tenant) {
        return ports.accounts().find(tenant).isPresent() || !owned(tenant).isEmpty();
    }

    /// Lets nobody in any more, takes no more prompts, empties the queue and asks what runs to stop. Functions that saw
    /// a key lately may answer it for [#KEYS_TRUSTED].
    public void close(String tenant) {
        ports.accounts().create(tenant, Limits.none());
        Change closing = Change.set(TenantItem.CLOSING, 1);
        ports.table().write(Write.update(TenantItem.key(tenant), closing));
        ports.table()
                .write(
                        Write.update(
                                TenantItem.listed(tenant),
                                present(),
                                chance.operations().get(),
                                List.of(closing)));
        for (Item item : owned(tenant)) {
            if (item.key().partition().startsWith("Y#")) {
                ports.table().write(Write.delete(item.key()));
            }
        }
        stopJobs(tenant);
    }

    private int stopJobs(String tenant) {
        ports.jobs().clearPending(tenant);
        List<JobKey> running = ports.jobs().running(tenant);
        running.forEach(ports.jobs()::interrupt);
        return running.size();
    }

    /// Waits until no function takes the tenant's keys any more, none of its jobs runs and its sockets are closed (which
    /// the schedule's function does), for at most [#PATIENCE].
    ///
    /// @param told hears every now and then what it waits for
    public void settle(String tenant, Consumer<Holding> told) {
        Instant began = chance.clock().instant();
        while (true) {
            Duration passed = Duration.between(began, chance.clock().instant());
            Holding holding =
                    new Holding(
                            stopJobs(tenant),
                            ports.connections().all(tenant).size(),
                            KEYS_TRUSTED.minus(passed));
            if (holding.nothing() || passed.compareTo(PATIENCE) >= 0) {
                return;
            }
            told.accept(holding);
            chance.sleep().during(BETWEEN_LOOKS);
        }
    }

    /// Removes everything of a closed tenant. A runner that is still at a job of it loses it by this, and may write until
    /// it notices; so it looks again once its lease has ended.
    ///
    /// @throws IllegalStateException if the tenant is not closed, or if something goes on writing
    public void remove(String tenant, Progress progress) {
        boolean closed =
                ports.table()
                        .get(TenantItem.key(tenant))
                        .filter(item -> item.has(TenantItem.CLOSING))
                        .isPresent();
        if (!closed) {
            throw new IllegalStateException(
                    "tenant " + tenant + " is not closed: close it before it is removed");
        }
        boolean running = !ports.jobs().running(tenant).isEmpty();
        Count count = new Count(progress);
        untilNothingIsLeft(tenant, count);
        if (running) {
            chance.sleep().during(ports.settings().lease().plus(ports.settings().grace()));
            untilNothingIsLeft(tenant, count);
        }
        ports.table().write(Write.delete(TenantItem.listed(tenant)));
        ports.table().write(Write.delete(TenantItem.key(tenant)));
    }

    private void untilNothingIsLeft(String tenant, Count count) {
        for (int pass = 0; pass < PASSES; pass++) {
            if (pass(tenant, count) == 0) {
                return;
            }
        }
        throw new IllegalStateException(
                "something goes on writing for tenant "
                        + tenant
                        + ": stop its runners and remove it again");
    }

    /// What is gone so far.
    private static final class Count {
        private final Progress progress;
        private long items;
        private long objects;

        Count(Progress progress) {
            this.progress = progress;
        }

        void items(int more) {
            items += more;
            progress.removed(items, objects);
        }

        void objects(int more) {
            objects += more;
            progress.removed(items, objects);
        }
    }

    /// Items first: what nobody can name any more nobody reads. Only the uploads' items name their objects, and
    /// so go after them.
    private long pass(String tenant, Count count) {
        long before = count.items + count.objects;
        List<Key> keys = owned(tenant).stream().map(Item::key).toList();
        for (List<Key> some : parts(keys)) {
            ports.blobs().deleteAll(arrived(some));
            ports.table().deleteAll(some);
            count.items(some.size());
        }
        for (String prefix : Ownership.objects(tenant)) {
            for (List<String> some : parts(ports.blobs().keys(prefix))) {
                ports.blobs().deleteAll(some);
                count.objects(some.size());
            }
        }
        models.ifPresent(own -> models(tenant, own, count));
        return count.items + count.objects - before;
    }

    /// What was uploaded and not yet taken.
    private static List<String> arrived(List<Key> keys) {
        return keys.stream()
                .filter(key -> key.partition().startsWith("P#"))
                .map(key -> "quarantine/" + key.sort())
                .toList();
    }

    private static void models(String tenant, Models own, Count count) {
        for (StoredModel file : own.store().list(tenant)) {
            own.store().delete(new ModelStore.Place(tenant, file.folder(), file.name()));
            count.objects(1);
        }
        own.index().forget(tenant);
    }

    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            parts.add(all.subList(from, Math.min(from + AT_ONCE, all.size())));
        }
        return parts;
    }

    private List<Item> owned(String tenant) {
        List<Item> items = new ArrayList<>();
        ports.table()
                .scan(item -> {
                    if (Ownership.of(item).filter(tenant::equals).isPresent()
                            && !Ownership.isAccount(item, tenant)) {
                        items.add(Item.of(item.key()));
                    }
                });
        return items;
    }
}
