package comfyserverless.localstack.emulator.dynamodb.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import comfyserverless.localstack.emulator.dynamodb.wire.KeyBytes;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// One table's items and index entries in the byte store. Writes must run inside [DurableStore#write].
public final class Table {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DECODED_BYTES = 16L << 20;

    private final TableSchema schema;
    private final MVMap<byte[], byte[]> items;
    private final List<Index> indexes;
    private final MVMap<byte[], byte[]> collections;
    private final Expiries expiries;

    /// What stored bytes say, by their identity: bytes are never changed, so an entry cannot be out of date.
    private final Cache<byte[], Map<String, Value>> decoded =
            CacheBuilder.newBuilder()
                    .weakKeys()
                    .maximumWeight(DECODED_BYTES)
                    .weigher((byte[] stored, Map<String, Value> item) -> stored.length)
                    .build();

    private Table(TableSchema schema, DurableStore store) {
        this.schema = schema;
        this.items = store.map("items/" + schema.name());
        this.collections = store.map("collections/" + schema.name());
        this.expiries = new Expiries(store.map("expiries/" + schema.name()));
        this.indexes =
                schema.indexes().stream()
                        .map(index ->
                                new Index(index, schema.keys(), store.map(indexMap(schema, index))))
                        .toList();
    }

    /// Opens a table's maps, which are made when missing.
    public static Table open(TableSchema schema, DurableStore store) {
        return new Table(schema, store);
    }

    private static String indexMap(TableSchema schema, IndexSchema index) {
        return "index/" + schema.name() + "/" + index.name();
    }

    public TableSchema schema() {
        return schema;
    }

    public long size() {
        return items.sizeAsLong();
    }

    /// Drops all of its maps.
    public void drop(DurableStore store) {
        store.remove(items);
        store.remove(collections);
        store.remove(expiries.map());
        indexes.forEach(index -> store.remove(index.entries()));
    }

    /// The primary key of an item or a key that was checked.
    public byte[] encodedKey(Map<String, Value> item) {
        KeyBytes key = new KeyBytes();
        for (KeyAttribute attribute : schema.keys()) {
            key.add(Objects.requireNonNull(item.get(attribute.name())));
        }
        return key.toArray();
    }

    public @Nullable Map<String, Value> get(byte[] key) {
        byte[] stored = items.get(key);
        return stored == null ? null : decode(stored);
    }

    /// Replaces what is stored under the key, in the table and in every index; null is nothing.
    public WriteUnits write(
            byte[] key, @Nullable Map<String, Value> before, @Nullable Map<String, Value> after) {
        if (after == null) {
            items.remove(key);
        } else {
            items.put(key, encode(after));
        }
        Map<String, Integer> indexUnits = new HashMap<>();
        for (Index index : indexes) {
            int units = index.update(key, before, after);
            if (units > 0) {
                indexUnits.put(index.schema().name(), units);
            }
        }
        int oldSize = before == null ? 0 : Sizes.of(before);
        int newSize = after == null ? 0 : Sizes.of(after);
        if (schema.hasLocalIndexes()) {
            growCollection(
                    Objects.requireNonNull(after == null ? before : after), newSize - oldSize);
        }
        expiries.update(schema.ttlAttribute(), key, before, after);
        return new WriteUnits(WriteUnits.ofBytes(Math.max(oldSize, newSize)), indexUnits);
    }

    private void growCollection(Map<String, Value> item, int by) {
        byte[] collection = collectionKey(item);
        long size = collectionBytes(collection) + by;
        if (size <= 0) {
            collections.remove(collection);
        } else if (by != 0) {
            collections.put(collection, ByteBuffer.allocate(Long.BYTES).putLong(size).array());
        }
    }

    private byte[] collectionKey(Map<String, Value> item) {
        return new KeyBytes().add(Objects.requireNonNull(item.get(schema.hash().name()))).toArray();
    }

    private long collectionBytes(byte[] collection) {
        byte[] stored = collections.get(collection);
        return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    /// The bytes of all items that share the item's hash key; only tables with local indexes count them.
    public long collectionBytes(Map<String, Value> item) {
        return collectionBytes(collectionKey(item));
    }

    /// Keys and items of a range in order; of the index when one is named, where the key is the index's.
    public Iterator<Entry> range(@Nullable String indexName, KeyRange range, boolean forward) {
        return indexName == null
                ? new RangeIterator(
                        items, range, forward, (key, stored) -> new Entry(key, decode(stored)))
                : new RangeIterator(
                        index(indexName).entries(),
                        range,
                        forward,
                        (key, primaryKey) -> {
                            Map<String, Value> item = get(primaryKey);
                            boolean moved =
                                    !Arrays.equals(
                                            key, index(indexName).entryKey(item, primaryKey));
                            return item == null || moved ? null : new Entry(key, item);
                        });
    }

    /// The encoded key of an item in the index, or in the table when no index is named.
    public byte @Nullable [] keyIn(@Nullable String indexName, Map<String, Value> item) {
        byte[] primary = encodedKey(item);
        return indexName == null ? primary : index(indexName).entryKey(item, primary);
    }

    /// Primary keys of items whose TTL passed before this time, oldest first, at most `limit`.
    public List<byte[]> expired(long epochSeconds, int limit) {
        return expiries.before(epochSeconds, limit);
    }

    /// Fills the list of expiries from the items, when the TTL attribute was set on a table that has some.
    public void rebuildExpiries() {
        expiries.map().clear();
        items.forEach(
                (key, stored) -> expiries.update(schema.ttlAttribute(), key, null, decode(stored)));
    }

    private Index index(String name) {
        return indexes.stream()
                .filter(i -> i.schema().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] encode(Map<String, Value> item) {
        try {
            return JSON.writeValueAsBytes(ValueJson.writeItem(item));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Value> decode(byte[] stored) {
        Map<String, Value> known = decoded.getIfPresent(stored);
        if (known != null) {
            return known;
        }
        Map<String, Value> item = Collections.unmodifiableMap(read(stored));
        decoded.put(stored, item);
        return item;
    }

    private static Map<String, Value> read(byte[] stored) {
        try {
            return ValueJson.readItem(JSON.readTree(stored));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored item cannot be read", e);
        }
    }

    /// An item with its encoded key in the table or index that was read.
    public static final class Entry {
        private final byte[] key;
        private final Map<String, Value> item;

        Entry(byte[] key, Map<String, Value> item) {
            this.key = key;
            this.item = item;
        }

        public byte[] key() {
            return key;
        }

        public Map<String, Value> item() {
            return item;
        }
    }
}
