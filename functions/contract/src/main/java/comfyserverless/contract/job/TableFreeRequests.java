package comfyserverless.contract.job;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.util.ArrayList;
import java.util.List;

/// [FreeRequests] on the item `T#{tenant}` / `free`.
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
            changes.add(Change.add(UNLOAD, 1));
        }
        if (wish.freeMemory()) {
            changes.add(Change.add(FREE, 1));
        }
        if (!changes.isEmpty()) {
            table.write(Write.update(key(tenant), changes.toArray(Change[]::new)));
        }
    }

    @Override
    public Asked asked(String tenant) {
        return table.get(key(tenant))
                .map(item -> new Asked(item.wholeOr(UNLOAD, 0), item.wholeOr(FREE, 0)))
                .orElse(new Asked(0, 0));
    }

    private static Key key(String tenant) {
        return new Key("T#" + tenant, "free");
    }
}
