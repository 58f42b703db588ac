package comfyserverless.contract.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a query; `next` is null once nothing is left.
public record Page(List<Item> items, @Nullable Cursor next) {
    public Page {
        items = List.copyOf(items);
    }
}
