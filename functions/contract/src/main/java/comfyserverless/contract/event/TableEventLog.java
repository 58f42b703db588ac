package comfyserverless.contract.event;

import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// [EventLog] on the table: `E#{tenant}#{promptId}` / `{fence}#{seq}`. A job that runs again begins a
/// new log under its higher fence.
public final class TableEventLog implements EventLog {
    /// A job ends within eleven hours; its log stays an hour longer.
    private static final Duration KEPT = Duration.ofHours(12);

    private static final String JSON = "json";
    private static final String SEQ = "seq";
    private static final int FENCE_DIGITS = 16;
    private static final HexFormat HEX = HexFormat.of();

    private final Table table;
    private final Clock clock;

    public TableEventLog(Table table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    private static String partition(JobKey key) {
        return "E#" + key.tenant() + "#" + key.promptId();
    }

    @Override
    public void append(JobKey key, long fence, List<Logged> messages) {
        List<Item> items = messages.stream().map(m -> item(key, fence, m)).toList();
        if (items.size() == 1) {
            table.write(Write.put(items.getFirst()));
        } else {
            table.putAll(items);
        }
    }

    private Item item(JobKey key, long fence, Logged message) {
        String sort = HEX.toHexDigits(fence) + "#" + HEX.toHexDigits(message.seq());
        return Item.of(new Key(partition(key), sort))
                .with(SEQ, message.seq())
                .with(JSON, message.json())
                .expiring(clock.instant().plus(KEPT));
    }

    @Override
    public List<Logged> newest(JobKey key, int most) {
        List<Item> last = table.first(Query.of(partition(key), Index.MAIN).backward(), most);
        return last.stream()
                .filter(item -> fence(item).equals(fence(last.getFirst())))
                .map(TableEventLog::logged)
                .toList();
    }

    private static String fence(Item item) {
        return item.key().sort().substring(0, FENCE_DIGITS);
    }

    private static Logged logged(Item item) {
        return new Logged(item.whole(SEQ), item.text(JSON));
    }

    @Override
    public Optional<Run> lastRun(JobKey key) {
        Query all = Query.of(partition(key), Index.MAIN);
        List<Item> last = table.first(all.backward(), 1);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        String fence = fence(last.getFirst());
        return Optional.of(
                new Run(
                        HexFormat.fromHexDigitsToLong(fence),
                        table.all(all.beginningWith(fence)).stream()
                                .map(TableEventLog::logged)
                                .toList()));
    }
}
