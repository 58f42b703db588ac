package comfyserverless.contract.job;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// [FreeRequests] on the item `T#{tenant}` / `free`, which is there only while something is asked.
public final class TableFreeRequests implements FreeRequests {
    private static final String UNLOAD = "unload";
    private static final String FREE = "free";

    private final Table table;

    public TableFreeRequests(Table table) {
        this.table = table;
    }

    @Override
    public void ask(String tenant, Wish wish) {
        List<Change> changes = new ArrayList<>();
        if (wish.unloadModels()) {
            changes.add(Change.set(UNLOAD, 1));
        }
        if (wish.freeMemory()) {
            changes.add(Change.set(FREE, 1));
        }
        if (!changes.isEmpty()) {
            table.write(Write.update(key(tenant), changes.toArray(Change[]::new)));
        }
    }

    /// A wish that comes between the read and the removal is met by this same freeing.
    @Override
    public Wish take(String tenant) {
        Optional<Item> item = table.get(key(tenant));
        if (item.isEmpty()) {
            return Wish.NOTHING;
        }
        table.write(Write.delete(key(tenant)));
        return new Wish(item.get().has(UNLOAD), item.get().has(FREE));
    }

    private static Key key(String tenant) {
        return new Key("T#" + tenant, "free");
    }
}
