package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A secondary index: local (the table's hash key, read consistently) or global.
public record IndexSchema(
        String name, boolean global, KeyAttribute hash, @Nullable KeyAttribute range, Shown shown) {

    /// Which attributes the index holds beside the keys.
    public sealed interface Shown {
        record All() implements Shown {}

        record KeysOnly() implements Shown {}

        record Include(Set<String> attributes) implements Shown {
            public Include {
                attributes = Set.copyOf(attributes);
            }
        }
    }

    /// The index's own key attributes, hash first.
    public List<KeyAttribute> keys() {
        return range == null ? List.of(hash) : List.of(hash, range);
    }

    /// What the index holds of an item, given the table's own keys.
    public Map<String, Value> entry(Map<String, Value> item, List<KeyAttribute> tableKeys) {
        if (shown instanceof Shown.All) {
            return item;
        }
        Set<String> names = new LinkedHashSet<>();
        tableKeys.forEach(key -> names.add(key.name()));
        keys().forEach(key -> names.add(key.name()));
        if (shown instanceof Shown.Include(Set<String> attributes)) {
            names.addAll(attributes);
        }
        Map<String, Value> entry = new LinkedHashMap<>();
        for (String name : names) {
            Value value = item.get(name);
            if (value != null) {
                entry.put(name, value);
            }
        }
        return entry;
    }
}
