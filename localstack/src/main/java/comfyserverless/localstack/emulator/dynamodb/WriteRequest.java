package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.Placeholders;
import comfyserverless.localstack.emulator.dynamodb.expression.Update;
import comfyserverless.localstack.emulator.dynamodb.expression.UpdateParser;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One change that a client asked for, parsed and checked against the table's schema.
sealed interface WriteRequest {
    int MAX_ITEM_BYTES = 400 * 1024;

    Target target();

    /// What the change is about: the item's key and the condition it depends on.
    record Target(
            Table table,
            Map<String, Value> key,
            @Nullable Condition condition,
            boolean oldItemOnFailure) {

        byte[] encodedKey() {
            return table.encodedKey(key);
        }

        boolean sameItem(Target other) {
            return table == other.table && key.equals(other.key);
        }
    }

    record Put(Target target, Map<String, Value> item) implements WriteRequest {}

    record Modify(Target target, Update update) implements WriteRequest {}

    record Delete(Target target) implements WriteRequest {}

    record Check(Target target) implements WriteRequest {}

    static Put put(Table table, JsonNode request) {
        Placeholders placeholders = Requests.placeholders(request);
        Map<String, Value> item = ValueJson.readItem(request.path("Item"));
        table.schema().checkItem(item);
        checkSize(item);
        return new Put(target(table, table.schema().keyOf(item), request, placeholders), item);
    }

    static Modify update(Table table, JsonNode request) {
        Placeholders placeholders = Requests.placeholders(request);
        String text = Requests.text(request, "UpdateExpression");
        Update update =
                text == null ? new Update(List.of()) : UpdateParser.parse(text, placeholders);
        for (Update.Action action : update.actions()) {
            if (table.schema().isKey(action.path().attribute())) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Cannot update attribute "
                                + action.path().attribute()
                                + ". This attribute is part of the key");
            }
        }
        return new Modify(target(table, key(table, request), request, placeholders), update);
    }

    static Delete delete(Table table, JsonNode request) {
        return new Delete(
                target(table, key(table, request), request, Requests.placeholders(request)));
    }

    static Check check(Table table, JsonNode request) {
        Target target = target(table, key(table, request), request, Requests.placeholders(request));
        if (target.condition() == null) {
            throw ServiceException.validation("A ConditionCheck needs a ConditionExpression");
        }
        return new Check(target);
    }

    static Map<String, Value> key(Table table, JsonNode request) {
        Map<String, Value> key = ValueJson.readItem(request.path("Key"));
        table.schema().checkKey(key);
        return key;
    }

    static void checkSize(Map<String, Value> item) {
        if (Sizes.of(item) > MAX_ITEM_BYTES) {
            throw ServiceException.validation("Item size has exceeded the maximum allowed size");
        }
    }

    private static Target target(
            Table table, Map<String, Value> key, JsonNode request, Placeholders placeholders) {
        Condition condition = Requests.condition(request, "ConditionExpression", placeholders);
        placeholders.checkAllUsed();
        boolean oldItem =
                Requests.text(request, "ReturnValuesOnConditionCheckFailure", "NONE")
                        .equals("ALL_OLD");
        return new Target(table, key, condition, oldItem);
    }
}
