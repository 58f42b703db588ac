package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.ConditionParser;
import comfyserverless.localstack.emulator.dynamodb.expression.Placeholders;
import comfyserverless.localstack.emulator.dynamodb.expression.Projection;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The members that many requests share.
final class Requests {
    private static final List<String> LEGACY =
            List.of(
                    "Expected",
                    "AttributeUpdates",
                    "AttributesToGet",
                    "KeyConditions",
                    "QueryFilter",
                    "ScanFilter",
                    "ConditionalOperator");

    private Requests() {}

    static Placeholders placeholders(JsonNode request) {
        for (String legacy : LEGACY) {
            if (request.has(legacy)) {
                throw ServiceException.validation(
                        "The legacy parameter "
                                + legacy
                                + " is not supported by this store: use expressions");
            }
        }
        Map<String, String> names = new HashMap<>();
        request.path("ExpressionAttributeNames")
                .properties()
                .forEach(e -> names.put(e.getKey(), e.getValue().asText()));
        return new Placeholders(
                names, ValueJson.readItem(request.path("ExpressionAttributeValues")));
    }

    static @Nullable Condition condition(
            JsonNode request, String field, Placeholders placeholders) {
        String text = text(request, field);
        return text == null ? null : ConditionParser.parse(field, text, placeholders);
    }

    static @Nullable Projection projection(JsonNode request, Placeholders placeholders) {
        String text = text(request, "ProjectionExpression");
        return text == null ? null : Projection.parse(text, placeholders);
    }

    static @Nullable String text(JsonNode request, String field) {
        JsonNode node = request.get(field);
        return node == null || node.isNull() ? null : node.asText();
    }

    static String text(JsonNode request, String field, String otherwise) {
        String text = text(request, field);
        return text == null ? otherwise : text;
    }
}
