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
import comfyserverless.localstack.emulator.store.DurableStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// TransactWriteItems and TransactGetItems: all or nothing.
final class Transactions {
    private static final int MAX_ACTIONS = 100;
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    private static final int FACTOR = 2;

    private final Tables tables;
    private final Writer writer;
    private final DurableStore store;
    private final Clock clock;
    private final Map<String, Done> tokens = new LinkedHashMap<>();

    Transactions(Tables tables, Writer writer, DurableStore store, Clock clock) {
        this.tables = tables;
        this.writer = writer;
        this.store = store;
        this.clock = clock;
    }

    /// A transaction that was carried out under a client's token.
    private record Done(JsonNode items, Instant at) {}

    ObjectNode write(JsonNode request) {
        JsonNode items = request.path("TransactItems");
        checkCount(items.size());
        List<WriteRequest> writes = new ArrayList<>();
        items.forEach(item -> writes.add(parse(item)));
        Batches.checkDistinct(
                writes, "Transaction request cannot include multiple operations on one item");
        String token = Requests.text(request, "ClientRequestToken");
        Map<String, Capacity> capacities =
                store.write(() ->
                        isRepeated(token, items)
                                ? Map.<String, Capacity>of()
                                : apply(writes, token, items));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        Batches.setCapacities(answer, request, List.copyOf(capacities.values()));
        return answer;
    }

    private static void checkCount(int count) {
        if (count == 0 || count > MAX_ACTIONS) {
            throw ServiceException.validation(
                    "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must"
                            + " have length less than or equal to 100 and greater than or equal to 1");
        }
    }

    private WriteRequest parse(JsonNode item) {
        if (item.size() != 1) {
            throw ServiceException.validation(
                    "TransactItems can only contain one of Check, Put, Update or Delete");
        }
        Map.Entry<String, JsonNode> action = item.properties().iterator().next();
        Table table = tables.of(action.getValue());
        return switch (action.getKey()) {
            case "Put" -> WriteRequest.put(table, action.getValue());
            case "Update" -> WriteRequest.update(table, action.getValue());
            case "Delete" -> WriteRequest.delete(table, action.getValue());
            case "ConditionCheck" -> WriteRequest.check(table, action.getValue());
            default ->
                    throw ServiceException.validation(
                            "Unknown action in TransactItems: " + action.getKey());
        };
    }

    private boolean isRepeated(@Nullable String token, JsonNode items) {
        Instant oldest = clock.instant().minus(TOKEN_LIFE);
        tokens.values().removeIf(done -> done.at().isBefore(oldest));
        Done done = token == null ? null : tokens.get(token);
        if (done != null && !done.items().equals(items)) {
            throw new ServiceException(
                    400,
                    "IdempotentParameterMismatchException",
                    "The request uses the same client token as a previous, but non-identical request");
        }
        return done != null;
    }

    private Map<String, Capacity> apply(
            List<WriteRequest> writes, @Nullable String token, JsonNode items) {
        List<Writer.Prepared> prepared = prepare(writes);
        Map<String, Capacity> capacities = new LinkedHashMap<>();
        for (Writer.Prepared change : prepared) {
            Table table = change.request().target().table();
            capacities
                    .computeIfAbsent(table.schema().name(), _ -> new Capacity(table.schema()))
                    .addWrite(writer.apply(change).units(), FACTOR);
        }
        if (token != null) {
            tokens.put(token, new Done(items, clock.instant()));
        }
        return capacities;
    }

    private List<Writer.Prepared> prepare(List<WriteRequest> writes) {
        List<Writer.Prepared> prepared = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        ArrayNode reasons = JsonNodeFactory.instance.arrayNode();
        boolean failed = false;
        for (WriteRequest write : writes) {
            ObjectNode reason = reasons.addObject();
            try {
                prepared.add(writer.prepare(write));
                reason.put("Code", "None");
            } catch (ServiceException e) {
                failed = true;
                reason.put("Code", reasonCode(e)).put("Message", e.getMessage());
                reason.setAll(e.fields());
            }
            codes.add(reason.path("Code").asText());
        }
        if (failed) {
            ServiceException cancelled =
                    new ServiceException(
                            400,
                            "TransactionCanceledException",
                            "Transaction cancelled, please refer cancellation reasons for specific reasons "
                                    + codes);
            cancelled.fields().set("CancellationReasons", reasons);
            throw cancelled;
        }
        return prepared;
    }

    private static String reasonCode(ServiceException e) {
        return switch (e.type()) {
            case "ConditionalCheckFailedException" -> "ConditionalCheckFailed";
            case "ValidationException" -> "ValidationError";
            default -> e.type();
        };
    }

    ObjectNode get(JsonNode request) {
        JsonNode items = request.path("TransactItems");
        checkCount(items.size());
        return store.snapshot(() -> {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode responses = answer.putArray("Responses");
            Map<String, Capacity> capacities = new LinkedHashMap<>();
            items.forEach(item -> get(item.path("Get"), responses.addObject(), capacities));
            Batches.setCapacities(answer, request, List.copyOf(capacities.values()));
            return answer;
        });
    }

    private void get(JsonNode request, ObjectNode response, Map<String, Capacity> capacities) {
        Table table = tables.of(request);
        Placeholders placeholders = Requests.placeholders(request);
        Projection projection = Requests.projection(request, placeholders);
        placeholders.checkAllUsed();
        Map<String, Value> item = table.get(table.encodedKey(WriteRequest.key(table, request)));
        capacities
                .computeIfAbsent(table.schema().name(), _ -> new Capacity(table.schema()))
                .addRead(null, item == null ? 0 : Sizes.of(item), FACTOR);
        if (item != null) {
            response.set(
                    "Item", ValueJson.writeItem(projection == null ? item : projection.of(item)));
        }
    }
}
