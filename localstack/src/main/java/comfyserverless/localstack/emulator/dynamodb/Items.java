package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Path;
import comfyserverless.localstack.emulator.dynamodb.expression.Placeholders;
import comfyserverless.localstack.emulator.dynamodb.expression.Projection;
import comfyserverless.localstack.emulator.dynamodb.expression.Update;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GetItem, PutItem, UpdateItem and DeleteItem.
final class Items {
    static final double CONSISTENT = 1.0;
    static final double EVENTUAL = 0.5;
    private static final double GIGABYTE = 1024.0 * 1024 * 1024;

    private final Tables tables;
    private final Writer writer;

    Items(Tables tables, Writer writer) {
        this.tables = tables;
        this.writer = writer;
    }

    ObjectNode get(JsonNode request) {
        Table table = tables.of(request);
        Placeholders placeholders = Requests.placeholders(request);
        Projection projection = Requests.projection(request, placeholders);
        placeholders.checkAllUsed();
        Map<String, Value> item = table.get(table.encodedKey(WriteRequest.key(table, request)));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (item != null) {
            answer.set(
                    "Item", ValueJson.writeItem(projection == null ? item : projection.of(item)));
        }
        Capacity capacity = new Capacity(table.schema());
        capacity.addRead(null, item == null ? 0 : Sizes.of(item), readUnit(request));
        setIfAsked(answer, "ConsumedCapacity", capacity.asked(request));
        return answer;
    }

    static double readUnit(JsonNode request) {
        return request.path("ConsistentRead").asBoolean() ? CONSISTENT : EVENTUAL;
    }

    ObjectNode put(JsonNode request) {
        checkReturnValues(request, List.of("NONE", "ALL_OLD"));
        return answer(request, WriteRequest.put(tables.of(request), request));
    }

    ObjectNode delete(JsonNode request) {
        checkReturnValues(request, List.of("NONE", "ALL_OLD"));
        return answer(request, WriteRequest.delete(tables.of(request), request));
    }

    ObjectNode update(JsonNode request) {
        checkReturnValues(
                request, List.of("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"));
        return answer(request, WriteRequest.update(tables.of(request), request));
    }

    private static String returnValues(JsonNode request) {
        return Requests.text(request, "ReturnValues", "NONE");
    }

    private static void checkReturnValues(JsonNode request, List<String> allowed) {
        if (!allowed.contains(returnValues(request))) {
            throw ServiceException.validation(
                    "Return values set to invalid value: " + returnValues(request));
        }
    }

    private ObjectNode answer(JsonNode request, WriteRequest write) {
        Writer.Written written = writer.write(write);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        Map<String, Value> attributes = returned(returnValues(request), write, written);
        if (attributes != null && !attributes.isEmpty()) {
            answer.set("Attributes", ValueJson.writeItem(attributes));
        }
        Table table = write.target().table();
        Capacity capacity = new Capacity(table.schema());
        capacity.addWrite(written.units(), 1);
        setIfAsked(answer, "ConsumedCapacity", capacity.asked(request));
        setIfAsked(answer, "ItemCollectionMetrics", collectionMetrics(request, write));
        return answer;
    }

    private static @Nullable Map<String, Value> returned(
            String returnValues, WriteRequest write, Writer.Written written) {
        return switch (returnValues) {
            case "ALL_OLD" -> written.before();
            case "ALL_NEW" -> written.after();
            case "UPDATED_OLD" -> updated(write, written.before());
            case "UPDATED_NEW" -> updated(write, written.after());
            default -> null;
        };
    }

    private static @Nullable Map<String, Value> updated(
            WriteRequest write, @Nullable Map<String, Value> item) {
        if (item == null || !(write instanceof WriteRequest.Modify(_, Update update))) {
            return null;
        }
        List<Path> paths = update.actions().stream().map(Update.Action::path).toList();
        return paths.isEmpty() ? null : new Projection(paths).of(item);
    }

    static @Nullable ObjectNode collectionMetrics(JsonNode request, WriteRequest write) {
        Table table = write.target().table();
        if (!Requests.text(request, "ReturnItemCollectionMetrics", "NONE").equals("SIZE")
                || !table.schema().hasLocalIndexes()) {
            return null;
        }
        Map<String, Value> key = write.target().key();
        String hash = table.schema().hash().name();
        ObjectNode metrics = JsonNodeFactory.instance.objectNode();
        Value hashValue = key.get(hash);
        if (hashValue != null) {
            metrics.putObject("ItemCollectionKey").set(hash, ValueJson.write(hashValue));
        }
        double gigabytes = Math.floor(table.collectionBytes(key) / GIGABYTE);
        metrics.putArray("SizeEstimateRangeGB").add(gigabytes).add(gigabytes + 1);
        return metrics;
    }

    static void setIfAsked(ObjectNode answer, String field, @Nullable JsonNode content) {
        if (content != null) {
            answer.set(field, content);
        }
    }
}
