package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.ConditionEvaluator;
import comfyserverless.localstack.emulator.dynamodb.expression.Projection;
import comfyserverless.localstack.emulator.dynamodb.table.IndexSchema;
import comfyserverless.localstack.emulator.dynamodb.table.KeyAttribute;
import comfyserverless.localstack.emulator.dynamodb.table.KeyRange;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One page of a query or scan: at most `Limit` items and 1 MB read, then filtered and projected.
final class Page {
    private static final int MAX_BYTES = 1024 * 1024;

    private final JsonNode request;
    private final Table table;
    private final @Nullable IndexSchema index;
    private final @Nullable Condition filter;
    private final @Nullable Projection projection;
    private final List<Map<String, Value>> found = new ArrayList<>();
    private @Nullable Map<String, Value> last;
    private int scanned;
    private int bytes;

    Page(
            JsonNode request,
            Table table,
            @Nullable IndexSchema index,
            @Nullable Condition filter,
            @Nullable Projection projection) {
        this.request = request;
        this.table = table;
        this.index = index;
        this.filter = filter;
        this.projection = projection;
    }

    ObjectNode run(KeyRange wanted) {
        int limit = request.path("Limit").asInt(Integer.MAX_VALUE);
        if (limit < 1) {
            throw ServiceException.validation(
                    "1 validation error detected: Value '"
                            + limit
                            + "' at 'limit' failed to satisfy constraint:"
                            + " Member must have value greater than or equal to 1");
        }
        boolean forward = request.path("ScanIndexForward").asBoolean(true);
        Iterator<Table.Entry> entries = table.range(indexName(), start(wanted, forward), forward);
        boolean full = false;
        while (!full && entries.hasNext()) {
            Map<String, Value> item = entries.next().item();
            Map<String, Value> entry =
                    index == null ? item : index.entry(item, table.schema().keys());
            scanned++;
            bytes += Sizes.of(entry);
            last = item;
            if (filter == null || ConditionEvaluator.holds(filter, item)) {
                found.add(shown(item, entry));
            }
            full = scanned >= limit || bytes >= MAX_BYTES;
        }
        if (!full) {
            last = null;
        }
        return answer();
    }

    private @Nullable String indexName() {
        return index == null ? null : index.name();
    }

    private KeyRange start(KeyRange wanted, boolean forward) {
        JsonNode startNode = request.path("ExclusiveStartKey");
        if (startNode.isMissingNode() || startNode.isNull()) {
            return wanted;
        }
        Map<String, Value> start = ValueJson.readItem(startNode);
        List<KeyAttribute> keys = new ArrayList<>(table.schema().keys());
        if (index != null) {
            index.keys().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
        }
        boolean valid =
                start.size() == keys.size()
                        && keys.stream()
                                .allMatch(key -> {
                                    Value value = start.get(key.name());
                                    return value != null && key.accepts(value);
                                });
        byte[] encoded = valid ? table.keyIn(indexName(), start) : null;
        if (encoded == null) {
            throw ServiceException.validation("The provided starting key is invalid");
        }
        return wanted.beyond(encoded, forward);
    }

    private Map<String, Value> shown(Map<String, Value> item, Map<String, Value> entry) {
        boolean global = index != null && index.global();
        if (projection != null) {
            return projection.of(global ? entry : item);
        }
        boolean whole = select().equals("ALL_ATTRIBUTES");
        return whole && !global ? item : entry;
    }

    private String select() {
        return Requests.text(
                request, "Select", index == null ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES");
    }

    private ObjectNode answer() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("Count", found.size());
        answer.put("ScannedCount", scanned);
        if (!select().equals("COUNT")) {
            var items = answer.putArray("Items");
            found.forEach(item -> items.add(ValueJson.writeItem(item)));
        }
        if (last != null) {
            answer.set("LastEvaluatedKey", ValueJson.writeItem(lastKey(last)));
        }
        Capacity capacity = new Capacity(table.schema());
        capacity.addRead(indexName(), bytes, Items.readUnit(request));
        Items.setIfAsked(answer, "ConsumedCapacity", capacity.asked(request));
        return answer;
    }

    private Map<String, Value> lastKey(Map<String, Value> item) {
        Map<String, Value> key = new LinkedHashMap<>(table.schema().keyOf(item));
        if (index != null) {
            for (KeyAttribute attribute : index.keys()) {
                Value value = item.get(attribute.name());
                if (value != null) {
                    key.put(attribute.name(), value);
                }
            }
        }
        return key;
    }
}
