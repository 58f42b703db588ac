package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.dynamodb.wire.KeyBytes;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// One index's entries: index key and primary key → primary key. Items without the index key have none (sparse).
final class Index {
    private final IndexSchema schema;
    private final List<KeyAttribute> tableKeys;
    private final MVMap<byte[], byte[]> entries;

    Index(IndexSchema schema, List<KeyAttribute> tableKeys, MVMap<byte[], byte[]> entries) {
        this.schema = schema;
        this.tableKeys = tableKeys;
        this.entries = entries;
    }

    IndexSchema schema() {
        return schema;
    }

    MVMap<byte[], byte[]> entries() {
        return entries;
    }

    byte @Nullable [] entryKey(@Nullable Map<String, Value> item, byte[] primaryKey) {
        if (item == null) {
            return null;
        }
        KeyBytes key = new KeyBytes();
        for (KeyAttribute attribute : schema.keys()) {
            Value value = item.get(attribute.name());
            if (value == null) {
                return null;
            }
            key.add(value);
        }
        return key.addRaw(primaryKey).toArray();
    }

    /// Moves the item's entry; returns the bytes that DynamoDB would write for it, each part rounded up by the caller.
    int update(
            byte[] primaryKey,
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after) {
        byte[] oldKey = entryKey(before, primaryKey);
        byte[] newKey = entryKey(after, primaryKey);
        boolean moved = !Arrays.equals(oldKey, newKey);
        if (moved && oldKey != null) {
            entries.remove(oldKey);
        }
        if (moved && newKey != null) {
            entries.put(newKey, primaryKey);
        }
        return units(oldKey == null ? null : before, newKey == null ? null : after, moved);
    }

    private int units(
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after,
            boolean moved) {
        Map<String, Value> old = before == null ? null : schema.entry(before, tableKeys);
        Map<String, Value> fresh = after == null ? null : schema.entry(after, tableKeys);
        int oldUnits = old == null ? 0 : WriteUnits.ofBytes(Sizes.of(old));
        int newUnits = fresh == null ? 0 : WriteUnits.ofBytes(Sizes.of(fresh));
        if (moved) {
            return oldUnits + newUnits;
        }
        boolean same = old == null || fresh == null || old.equals(fresh);
        return same ? 0 : Math.max(oldUnits, newUnits);
    }
}
