package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table's keys and indexes, fixed at its creation, and its TTL attribute, which can be set later.
public record TableSchema(
        String name,
        KeyAttribute hash,
        @Nullable KeyAttribute range,
        List<IndexSchema> indexes,
        @Nullable String ttlAttribute) {

    public TableSchema {
        indexes = List.copyOf(indexes);
    }

    /// The primary key's attributes, hash first.
    public List<KeyAttribute> keys() {
        return range == null ? List.of(hash) : List.of(hash, range);
    }

    public boolean isKey(String attribute) {
        return keys().stream().anyMatch(key -> key.name().equals(attribute));
    }

    public IndexSchema index(String indexName) {
        return indexes.stream()
                .filter(index -> index.name().equals(indexName))
                .findFirst()
                .orElseThrow(() ->
                        ServiceException.validation(
                                "The table does not have the specified index: " + indexName));
    }

    public boolean hasLocalIndexes() {
        return indexes.stream().anyMatch(index -> !index.global());
    }

    public Map<String, Value> keyOf(Map<String, Value> item) {
        Map<String, Value> key = new LinkedHashMap<>();
        for (KeyAttribute attribute : keys()) {
            Value value = item.get(attribute.name());
            if (value != null) {
                key.put(attribute.name(), value);
            }
        }
        return key;
    }

    /// Checks the `Key` of a request: exactly the key attributes, of their types.
    public void checkKey(Map<String, Value> key) {
        boolean matches = key.size() == keys().size();
        for (KeyAttribute attribute : keys()) {
            Value value = key.get(attribute.name());
            matches &= value != null && attribute.accepts(value);
        }
        if (!matches) {
            throw ServiceException.validation("The provided key element does not match the schema");
        }
        checkKeyContents(key);
    }

    /// Checks an item that is to be stored: its keys, and its index keys where it has them.
    public void checkItem(Map<String, Value> item) {
        for (KeyAttribute attribute : keys()) {
            Value value = item.get(attribute.name());
            if (value == null) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Missing the key "
                                + attribute.name()
                                + " in the item");
            }
            if (!attribute.accepts(value)) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Type mismatch for key "
                                + attribute.name()
                                + " expected: "
                                + attribute.type()
                                + " actual: "
                                + value.type());
            }
        }
        checkKeyContents(item);
        indexes.forEach(index -> checkIndexKeys(index, item));
    }

    private void checkKeyContents(Map<String, Value> item) {
        for (KeyAttribute attribute : keys()) {
            Value value = item.get(attribute.name());
            if (value != null) {
                attribute.checkContent(value, attribute.equals(hash));
            }
        }
    }

    private static void checkIndexKeys(IndexSchema index, Map<String, Value> item) {
        for (KeyAttribute attribute : index.keys()) {
            Value value = item.get(attribute.name());
            if (value == null) {
                continue;
            }
            if (!attribute.accepts(value)) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Type mismatch for Index Key "
                                + attribute.name()
                                + " Expected: "
                                + attribute.type()
                                + " Actual: "
                                + value.type()
                                + " IndexName: "
                                + index.name());
            }
            attribute.checkContent(value, attribute.equals(index.hash()));
        }
    }
}
