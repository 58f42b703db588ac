package comfyserverless.contract.result;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/// [Results] on the table and the object store: `C#{tenant}` / `{name}` holds the time, the size and a
/// small result itself; a larger one lies under `c/{tenant}/{name}`. `C#{tenant}` / `!` adds up the
/// sizes; beyond the limit they are counted anew and the oldest go, down to four fifths of it.
public final class TableResults implements Results {
    private static final int INLINE = 2_000;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final String TOTAL = "!";
    private static final String BYTES = "bytes";
    private static final String AT = "at";
    private static final String CONTENT = "z";

    private final Table table;
    private final Blobs blobs;
    private final Clock clock;
    private final ToLongFunction<String> limits;

    /// On this table.
    ///
    /// @param limits how many bytes of a tenant are kept
    public TableResults(Table table, Blobs blobs, Clock clock, ToLongFunction<String> limits) {
        this.table = table;
        this.blobs = blobs;
        this.clock = clock;
        this.limits = limits;
    }

    private static String partition(String tenant) {
        return "C#" + tenant;
    }

    private static Key key(String tenant, String name) {
        return new Key(partition(tenant), name);
    }

    private static String prefix(String tenant) {
        return "c/" + tenant + "/";
    }

    @Override
    public Set<String> find(String tenant, Collection<String> names) {
        List<Key> keys = names.stream().map(name -> key(tenant, name)).toList();
        Set<String> found = new HashSet<>();
        table.getAll(keys).keySet().forEach(key -> found.add(key.sort()));
        return found;
    }

    @Override
    public Optional<byte[]> read(String tenant, String name) {
        Optional<Item> item = table.get(key(tenant, name));
        if (item.isEmpty() || item.get().has(CONTENT)) {
            return item.map(i -> i.bytes(CONTENT));
        }
        Optional<InputStream> content = blobs.read(prefix(tenant) + name, 0);
        if (content.isEmpty()) {
            table.write(Write.delete(key(tenant, name)));
            return Optional.empty();
        }
        try (InputStream in = content.get()) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the result " + name, e);
        }
    }

    @Override
    public void keep(String tenant, String name, byte[] result) {
        long limit = limits.applyAsLong(tenant);
        if (result.length > limit) {
            return;
        }
        Item item =
                Item.of(key(tenant, name))
                        .with(BYTES, result.length)
                        .with(AT, clock.millis())
                        .expiring(clock.instant().plus(KEPT));
        if (result.length <= INLINE) {
            item = item.with(CONTENT, Value.of(result));
        } else {
            blobs.put(prefix(tenant) + name, result);
        }
        table.write(Write.put(item));
        Write add = Write.update(key(tenant, TOTAL), Change.add(BYTES, result.length));
        if (table.write(add) instanceof Outcome.Done done && done.written().whole(BYTES) > limit) {
            makeRoom(tenant, limit);
        }
    }

    private void makeRoom(String tenant, long limit) {
        List<Item> items = new ArrayList<>(all(tenant));
        items.sort(Comparator.comparingLong(item -> item.whole(AT)));
        long total = items.stream().mapToLong(item -> item.whole(BYTES)).sum();
        Set<String> kept = new HashSet<>();
        for (Item item : items) {
            if (total > limit / 5 * 4) {
                total -= item.whole(BYTES);
                table.write(Write.delete(item.key()));
            } else {
                kept.add(prefix(tenant) + item.key().sort());
            }
        }
        for (String blob : blobs.keys(prefix(tenant))) {
            if (!kept.contains(blob)) {
                blobs.delete(blob);
            }
        }
        table.write(Write.update(key(tenant, TOTAL), Change.set(BYTES, total)));
    }

    private List<Item> all(String tenant) {
        return table.all(Query.of(partition(tenant), Index.MAIN)).stream()
                .filter(item -> !item.key().sort().equals(TOTAL))
                .toList();
    }

    @Override
    public void clear(String tenant) {
        all(tenant).forEach(item -> table.write(Write.delete(item.key())));
        blobs.keys(prefix(tenant)).forEach(blobs::delete);
        table.write(Write.delete(key(tenant, TOTAL)));
    }
}
