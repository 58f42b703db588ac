package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Placeholders;
import comfyserverless.localstack.emulator.dynamodb.expression.Projection;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// BatchGetItem and BatchWriteItem: many items of several tables, each on its own.
final class Batches {
    private static final int MAX_GETS = 100;
    private static final int MAX_WRITES = 25;
    private static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;

    private final Tables tables;
    private final Writer writer;

    Batches(Tables tables, Writer writer) {
        this.tables = tables;
        this.writer = writer;
    }

    ObjectNode get(JsonNode request) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode responses = answer.putObject("Responses");
        ObjectNode unprocessed = answer.putObject("UnprocessedKeys");
        List<Capacity> capacities = new ArrayList<>();
        int total = 0;
        for (Map.Entry<String, JsonNode> entry : request.path("RequestItems").properties()) {
            total += entry.getValue().path("Keys").size();
        }
        checkCount(total, MAX_GETS);
        int bytes = 0;
        for (Map.Entry<String, JsonNode> entry : request.path("RequestItems").properties()) {
            TableRead read = new TableRead(tables.named(entry.getKey()), entry.getValue());
            bytes += read.run(responses.putArray(entry.getKey()), MAX_ANSWER_BYTES - bytes);
            capacities.add(read.capacity);
            if (read.left != null) {
                unprocessed.set(entry.getKey(), read.left);
            }
        }
        setCapacities(answer, request, capacities);
        return answer;
    }

    private static void checkCount(int count, int limit) {
        if (count == 0 || count > limit) {
            throw ServiceException.validation(
                    count == 0
                            ? "The batch request has no items"
                            : "Too many items requested for the batch call: "
                                    + count
                                    + ", the limit is "
                                    + limit);
        }
    }

    static void setCapacities(ObjectNode answer, JsonNode request, List<Capacity> capacities) {
        ArrayNode asked = JsonNodeFactory.instance.arrayNode();
        for (Capacity capacity : capacities) {
            ObjectNode node = capacity.asked(request);
            if (node != null) {
                asked.add(node);
            }
        }
        if (!asked.isEmpty()) {
            answer.set("ConsumedCapacity", asked);
        }
    }

    /// The keys that a batch asks of one table.
    private static final class TableRead {
        private final Table table;
        private final JsonNode request;
        private final Capacity capacity;
        private @Nullable ObjectNode left;

        TableRead(Table table, JsonNode request) {
            this.table = table;
            this.request = request;
            this.capacity = new Capacity(table.schema());
        }

        /// Adds what is found while there is room; the keys that found none are left.
        int run(ArrayNode found, int room) {
            Placeholders placeholders = Requests.placeholders(request);
            Projection projection = Requests.projection(request, placeholders);
            placeholders.checkAllUsed();
            List<byte[]> seen = new ArrayList<>();
            int bytes = 0;
            for (JsonNode keyNode : request.path("Keys")) {
                if (bytes >= room) {
                    leave(keyNode);
                    continue;
                }
                Map<String, Value> key = ValueJson.readItem(keyNode);
                table.schema().checkKey(key);
                byte[] encoded = table.encodedKey(key);
                if (seen.stream().anyMatch(s -> Arrays.equals(s, encoded))) {
                    throw ServiceException.validation(
                            "Provided list of item keys contains duplicates");
                }
                seen.add(encoded);
                Map<String, Value> item = table.get(encoded);
                int size = item == null ? 0 : Sizes.of(item);
                capacity.addRead(null, size, Items.readUnit(request));
                if (item != null) {
                    bytes += size;
                    found.add(ValueJson.writeItem(projection == null ? item : projection.of(item)));
                }
            }
            return bytes;
        }

        private void leave(JsonNode key) {
            ObjectNode rest = left;
            if (rest == null) {
                rest = request.deepCopy();
                rest.putArray("Keys");
                left = rest;
            }
            rest.withArrayProperty("Keys").add(key);
        }
    }

    ObjectNode write(JsonNode request) {
        List<WriteRequest> writes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : request.path("RequestItems").properties()) {
            Table table = tables.named(entry.getKey());
            entry.getValue().forEach(node -> writes.add(write(table, node)));
        }
        checkCount(writes.size(), MAX_WRITES);
        checkDistinct(writes, "Provided list of item keys contains duplicates");
        Map<String, Capacity> capacities = new LinkedHashMap<>();
        List<Writer.Written> written = writer.writeAll(writes);
        for (int i = 0; i < writes.size(); i++) {
            Table table = writes.get(i).target().table();
            capacities
                    .computeIfAbsent(table.schema().name(), _ -> new Capacity(table.schema()))
                    .addWrite(written.get(i).units(), 1);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("UnprocessedItems");
        setCapacities(answer, request, List.copyOf(capacities.values()));
        return answer;
    }

    private static WriteRequest write(Table table, JsonNode node) {
        if (node.has("PutRequest")) {
            return WriteRequest.put(table, node.path("PutRequest"));
        }
        if (node.has("DeleteRequest")) {
            return WriteRequest.delete(table, node.path("DeleteRequest"));
        }
        throw ServiceException.validation("A write request needs a PutRequest or a DeleteRequest");
    }

    static void checkDistinct(List<WriteRequest> writes, String message) {
        for (int i = 0; i < writes.size(); i++) {
            for (int j = i + 1; j < writes.size(); j++) {
                if (writes.get(i).target().sameItem(writes.get(j).target())) {
                    throw ServiceException.validation(message);
                }
            }
        }
    }
}
