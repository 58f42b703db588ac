package comfyserverless.contract.model;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Looks through the whole bucket, so that the index also has what was put there by other tools. The time of the
/// last look is in the table, `H#scan` / `0`: whoever asks, it is looked once in two minutes.
public final class ModelScan {
    /// How long a file that another tool has put there may stay unseen, but for the pause between two calls.
    public static final Duration EVERY = Duration.ofMinutes(2);

    private static final Key LAST = new Key("H#scan", "0");
    private static final String AT = "at";

    private final Table table;
    private final ModelStore store;
    private final ModelIndex index;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param ids fresh operation ids
    public ModelScan(
            Table table, ModelStore store, ModelIndex index, Clock clock, Supplier<String> ids) {
        this.table = table;
        this.store = store;
        this.index = index;
        this.clock = clock;
        this.ids = ids;
    }

    /// Looks if nobody has looked lately.
    ///
    /// @return the owners whose files have changed
    public List<String> runIfDue() {
        long now = clock.instant().toEpochMilli();
        Optional<Item> last = table.get(LAST);
        if (last.filter(item -> item.whole(AT) > now - EVERY.toMillis()).isPresent()) {
            return List.of();
        }
        Condition unchanged =
                last.map(item -> Condition.is(AT, item.whole(AT))).orElse(Condition.absent());
        Write mine = Write.update(LAST, unchanged, ids.get(), List.of(Change.set(AT, now)));
        return table.write(mine).done() ? run() : List.of();
    }

    /// Looks now.
    ///
    /// @return the owners whose files have changed
    public List<String> run() {
        return index.renew(store::all);
    }
}
