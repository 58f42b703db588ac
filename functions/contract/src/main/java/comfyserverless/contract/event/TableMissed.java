package comfyserverless.contract.event;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.has;
import static comfyserverless.contract.table.Condition.lacks;
import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// [Missed] on the table: `V#{tenant}#{clientId}` / `{promptId}`.
public final class TableMissed implements Missed {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final String AT = "at";
    private static final String TAKEN = "taken";
    private static final String BY = "by";

    private final Table table;
    private final Clock clock;
    private final Supplier<String> operations;

    /// @param operations fresh operation ids
    public TableMissed(Table table, Clock clock, Supplier<String> operations) {
        this.table = table;
        this.clock = clock;
        this.operations = operations;
    }

    private static String partition(String tenant, String clientId) {
        return "V#" + tenant + "#" + Digests.shortened(clientId);
    }

    @Override
    public void add(String tenant, String clientId, String promptId) {
        Item note = note(new Key(partition(tenant, clientId), promptId), clock.millis());
        table.write(Write.put(note, any(absent(), has(TAKEN)), operations.get()));
    }

    private Item note(Key key, long at) {
        return Item.of(key).with(AT, at).expiring(clock.instant().plus(KEPT));
    }

    @Override
    public List<String> of(String tenant, String clientId) {
        return table.all(Query.of(partition(tenant, clientId), Index.MAIN)).stream()
                .filter(item -> !item.has(TAKEN))
                .sorted(Comparator.comparingLong((Item item) -> item.whole(AT)))
                .map(item -> item.key().sort())
                .toList();
    }

    @Override
    public boolean take(Connection by, String promptId) {
        Key key = new Key(partition(by.tenant(), by.clientId()), promptId);
        Write write =
                Write.update(
                        key,
                        present().and(lacks(TAKEN)),
                        operations.get(),
                        List.of(
                                Change.set(TAKEN, clock.millis()),
                                Change.set(BY, by.connectionId())));
        return table.write(write).done();
    }

    @Override
    public boolean putBack(Connection broken, Instant since) {
        String partition = partition(broken.tenant(), broken.clientId());
        List<Item> taken =
                table.all(Query.of(partition, Index.MAIN)).stream()
                        .filter(item -> item.wholeOr(TAKEN, 0) >= since.toEpochMilli())
                        .filter(item -> broken.connectionId().equals(item.textOrNull(BY)))
                        .sorted(
                                Comparator.comparingLong((Item item) -> item.whole(TAKEN))
                                        .thenComparingLong(item -> item.whole(AT)))
                        .toList();
        for (Item item : taken) {
            boolean first = item.equals(taken.getFirst());
            table.write(Write.put(note(item.key(), first ? clock.millis() : item.whole(AT))));
        }
        return !taken.isEmpty();
    }
}
