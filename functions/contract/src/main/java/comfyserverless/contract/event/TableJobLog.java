package comfyserverless.contract.event;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/// [JobLog] on the table: `L#{tenant}` / `{time}#{number}#{id}`.
public final class TableJobLog implements JobLog {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final HexFormat HEX = HexFormat.of();
    private static final String AT = "at";
    private static final String TEXT = "text";

    private final Table table;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param ids tell apart what two runners wrote in the same millisecond
    public TableJobLog(Table table, Clock clock, Supplier<String> ids) {
        this.table = table;
        this.clock = clock;
        this.ids = ids;
    }

    private static String partition(String tenant) {
        return "L#" + tenant;
    }

    @Override
    public void append(String tenant, List<Line> lines) {
        String id = ids.get();
        Instant end = clock.instant().plus(KEPT);
        for (int number = 0; number < lines.size(); number++) {
            Line line = lines.get(number);
            long at = line.at().toEpochMilli();
            String sort = HEX.toHexDigits(at) + "#" + HEX.toHexDigits(number) + "#" + id;
            table.write(
                    Write.put(
                            Item.of(new Key(partition(tenant), sort))
                                    .with(AT, at)
                                    .with(TEXT, line.text())
                                    .expiring(end)));
        }
    }

    @Override
    public List<Line> newest(String tenant) {
        return table
                .first(Query.of(partition(tenant), Index.MAIN).backward(), LINES)
                .reversed()
                .stream()
                .map(item -> new Line(Instant.ofEpochMilli(item.whole(AT)), item.text(TEXT)))
                .toList();
    }
}
