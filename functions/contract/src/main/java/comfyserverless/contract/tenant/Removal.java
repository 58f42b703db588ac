package comfyserverless.contract.tenant;

import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Deletes a tenant with all that it has: first [#close], then [#remove]. Broken off anywhere, it is
/// begun again and goes on with what is left.
public final class Removal {
    /// How long functions may still take a key for good that is gone.
    public static final Duration KEYS_TRUSTED = Duration.ofSeconds(60);

    private static final int PASSES = 10;

    private final Table table;
    private final Blobs blobs;
    private final Optional<Models> models;

    /// The tenant's own models.
    public record Models(ModelStore store, ModelIndex index) {}

    /// Hears how far it is.
    public interface Progress {
        /// Something more is gone.
        ///
        /// @param items how many items of the table are gone
        /// @param objects how many files and other objects are gone
        void removed(long items, long objects);
    }

    /// Removes from these stores.
    ///
    /// @param models empty where models are a folder of the machine, which stays
    public Removal(Table table, Blobs blobs, Optional<Models> models) {
        this.table = table;
        this.blobs = blobs;
        this.models = models;
    }

    /// Lets nobody in any more and takes no more prompts. What runs goes on until [#remove] takes its job
    /// away. Functions that saw a key lately may answer it for [#KEYS_TRUSTED].
    public void close(String tenant) {
        table.write(Write.update(TenantItem.key(tenant), Change.set(TenantItem.CLOSING, 1)));
        for (Item item : owned(tenant)) {
            if (isKey(item)) {
                table.write(Write.delete(item.key()));
            }
        }
    }

    private static boolean isKey(Item item) {
        return item.key().partition().startsWith("Y#");
    }

    /// Removes everything of a closed tenant; a runner that was at a job of it may write once more, so it looks
    /// again until it finds nothing.
    ///
    /// @throws IllegalStateException if the tenant is not closed, or if something goes on writing
    public void remove(String tenant, Progress progress) {
        boolean closed =
                table.get(TenantItem.key(tenant))
                        .filter(item -> item.has(TenantItem.CLOSING))
                        .isPresent();
        if (!closed) {
            throw new IllegalStateException(
                    "tenant " + tenant + " is not closed: close it before it is removed");
        }
        Count count = new Count(progress);
        for (int pass = 0; pass < PASSES; pass++) {
            if (pass(tenant, count) == 0) {
                table.write(Write.delete(TenantItem.listed(tenant)));
                table.write(Write.delete(TenantItem.key(tenant)));
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

        void item() {
            items++;
            progress.removed(items, objects);
        }

        void object() {
            objects++;
            progress.removed(items, objects);
        }
    }

    /// Items first: what nobody can name any more nobody reads. Only the uploads' items name their objects.
    private long pass(String tenant, Count count) {
        long before = count.items + count.objects;
        for (Item item : owned(tenant)) {
            if (item.key().partition().startsWith("P#")) {
                blobs.delete("quarantine/" + item.key().sort());
            }
            table.write(Write.delete(item.key()));
            count.item();
        }
        for (String prefix : Ownership.objects(tenant)) {
            for (String key : blobs.keys(prefix)) {
                blobs.delete(key);
                count.object();
            }
        }
        models.ifPresent(own -> {
            own.store()
                    .list(tenant)
                    .forEach(file -> {
                        own.store()
                                .delete(new ModelStore.Place(tenant, file.folder(), file.name()));
                        count.object();
                    });
            own.index().forget(tenant);
        });
        return count.items + count.objects - before;
    }

    private List<Item> owned(String tenant) {
        List<Item> items = new ArrayList<>();
        table.scan(item -> {
            if (Ownership.of(item).filter(tenant::equals).isPresent()
                    && !Ownership.isAccount(item, tenant)) {
                items.add(Item.of(item.key()));
            }
        });
        return items;
    }
}
