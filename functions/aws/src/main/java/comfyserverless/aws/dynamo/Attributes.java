package comfyserverless.aws.dynamo;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Value;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Items as the SDK's attribute maps, and back.
final class Attributes {
    private static final String PARTITION = TableDefinition.COMFY.partitionKey();
    private static final String SORT = TableDefinition.COMFY.sortKey();

    private Attributes() {}

    static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue of(Value value) {
        return switch (value) {
            case Value.Text text -> AttributeValue.fromS(text.text());
            case Value.Whole whole -> AttributeValue.fromN(Long.toString(whole.number()));
            case Value.Bytes bytes -> AttributeValue.fromB(SdkBytes.fromByteArray(bytes.content()));
        };
    }

    static Map<String, AttributeValue> of(Key key) {
        return Map.of(PARTITION, text(key.partition()), SORT, text(key.sort()));
    }

    static Map<String, AttributeValue> of(Item item) {
        Map<String, AttributeValue> attributes = new HashMap<>(of(item.key()));
        item.values().forEach((name, value) -> attributes.put(name, of(value)));
        return attributes;
    }

    static Key key(Map<String, AttributeValue> attributes) {
        return new Key(required(attributes, PARTITION).s(), required(attributes, SORT).s());
    }

    static Item item(Map<String, AttributeValue> attributes) {
        Map<String, Value> values = new HashMap<>();
        attributes.forEach((name, value) -> {
            if (!name.equals(PARTITION) && !name.equals(SORT)) {
                values.put(name, value(name, value));
            }
        });
        return new Item(key(attributes), values);
    }

    private static Value value(String name, AttributeValue value) {
        return switch (value.type()) {
            case S -> Value.of(value.s());
            case N -> Value.of(Long.parseLong(value.n()));
            case B -> Value.of(value.b().asByteArray());
            default ->
                    throw new IllegalStateException(
                            "attribute \"" + name + "\" has the type " + value.type());
        };
    }

    static AttributeValue required(Map<String, AttributeValue> attributes, String name) {
        AttributeValue value = attributes.get(name);
        if (value == null) {
            throw new IllegalStateException("an item without " + name + ": " + attributes.keySet());
        }
        return value;
    }
}
