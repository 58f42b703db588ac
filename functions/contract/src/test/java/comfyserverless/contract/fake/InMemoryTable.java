package comfyserverless.contract.fake;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Cursor;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// [Table] as a map. Expired items stay for ever, as a lagging TTL would have it.
public final class InMemoryTable implements Table {
    private static final int BATCH = 100;

    private final Clock clock;
    private final Map<String, TreeMap<String, Item>> partitions = new HashMap<>();

    private final Set<String> touched = new TreeSet<>();

    public InMemoryTable(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Item> get(Key key) {
        touched.add(key.partition());
        return Optional.ofNullable(found(key)).filter(item -> !item.expired(clock.instant()));
    }

    /// The item that is there, expired or not.
    public synchronized @Nullable Item found(Key key) {
        TreeMap<String, Item> partition = partitions.get(key.partition());
        return partition == null ? null : partition.get(key.sort());
    }

    @Override
    public synchronized Map<Key, Item> getAll(Collection<Key> keys) {
        Map<Key, Item> items = new HashMap<>();
        keys.forEach(key -> get(key).ifPresent(item -> items.put(key, item)));
        return items;
    }

    @Override
    public synchronized Page query(Query query) {
        touched.add(query.partition());
        Instant now = clock.instant();
        List<Item> shown = new ArrayList<>();
        int examined = 0;
        for (Entry entry : entries(query)) {
            if (examined++ == query.limit()) {
                Entry last = entries(query).get(query.limit() - 1);
                return new Page(shown, new Cursor(last.item().key().sort(), last.sort()));
            }
            Item item = projected(query.index(), entry.item());
            if (query.filter().holds(item) && !item.expired(now)) {
                shown.add(item);
            }
        }
        return new Page(shown, null);
    }

    private record Entry(String sort, Item item) {}

    private List<Entry> entries(Query query) {
        List<Entry> entries = new ArrayList<>();
        for (Item item : partitions.getOrDefault(query.partition(), new TreeMap<>()).values()) {
            String sort = sort(query.index(), item);
            if (sort != null && query.range().contains(sort)) {
                entries.add(new Entry(sort, item));
            }
        }
        Comparator<Entry> order =
                Comparator.comparing(Entry::sort).thenComparing(entry -> entry.item().key().sort());
        entries.sort(query.forward() ? order : order.reversed());
        Cursor from = query.from();
        if (from == null) {
            return entries;
        }
        Comparator<Entry> direction = query.forward() ? order : order.reversed();
        Entry last = new Entry(from.indexed(), Item.of(new Key(query.partition(), from.sort())));
        return entries.stream().filter(entry -> direction.compare(entry, last) > 0).toList();
    }

    private static @Nullable String sort(Index index, Item item) {
        return index == Index.MAIN ? item.key().sort() : item.textOrNull(index.attribute());
    }

    private static Item projected(Index index, Item item) {
        if (index == Index.MAIN) {
            return item;
        }
        Set<String> names = new HashSet<>(TableDefinition.PLACE);
        names.add(index.attribute());
        Map<String, Value> values = new HashMap<>(item.values());
        values.keySet().retainAll(names);
        return new Item(item.key(), values);
    }

    @Override
    public void scan(Consumer<Item> each) {
        items().forEach(each);
    }

    @Override
    public synchronized int count(Query query) {
        return all(query).size();
    }

    @Override
    public synchronized Outcome write(Write write) {
        touched.add(write.key().partition());
        Item before = found(write.key());
        if (!write.condition().holds(before)) {
            return applied(write, before) ? new Outcome.Done(before) : new Outcome.Refused(before);
        }
        Item after = write.after(before);
        store(write.key(), after);
        return new Outcome.Done(after);
    }

    private static boolean applied(Write write, @Nullable Item found) {
        String operation = write.operation();
        return operation != null
                && found != null
                && operation.equals(found.textOrNull(Write.OPERATION));
    }

    @Override
    public synchronized boolean transact(List<Write> writes) {
        if (writes.size() > BATCH) {
            throw new IllegalArgumentException(writes.size() + " writes in a transaction");
        }
        writes.forEach(write -> touched.add(write.key().partition()));
        for (Write write : writes) {
            if (!write.condition().holds(found(write.key()))) {
                return false;
            }
        }
        for (Write write : writes) {
            store(write.key(), write.after(found(write.key())));
        }
        return true;
    }

    private void store(Key key, @Nullable Item item) {
        TreeMap<String, Item> partition =
                partitions.computeIfAbsent(key.partition(), name -> new TreeMap<>());
        if (item == null) {
            partition.remove(key.sort());
        } else {
            checkIndexKeys(item);
            partition.put(key.sort(), item);
        }
    }

    /// As DynamoDB does: the key of an index is text wherever it stands.
    private static void checkIndexKeys(Item item) {
        for (Index index : Index.values()) {
            Value other = item.values().get(index.attribute());
            if (other != null && !(other instanceof Value.Text)) {
                throw new IllegalArgumentException(
                        "the index key "
                                + index.attribute()
                                + " of "
                                + item.key()
                                + " is "
                                + other);
            }
        }
    }

    /// Every item there is, expired ones too.
    /// The partitions that were read or written since the last time.
    public synchronized Set<String> touched() {
        Set<String> found = Set.copyOf(touched);
        touched.clear();
        return found;
    }

    public synchronized List<Item> items() {
        return partitions.values().stream().flatMap(items -> items.values().stream()).toList();
    }
}
