package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.Placeholders;
import comfyserverless.localstack.emulator.dynamodb.expression.Projection;
import comfyserverless.localstack.emulator.dynamodb.table.IndexSchema;
import comfyserverless.localstack.emulator.dynamodb.table.KeyAttribute;
import comfyserverless.localstack.emulator.dynamodb.table.KeyRange;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.table.TableSchema;
import org.jspecify.annotations.Nullable;

/// Query and Scan.
final class Queries {
    private final Tables tables;

    Queries(Tables tables) {
        this.tables = tables;
    }

    ObjectNode query(JsonNode request) {
        Table table = tables.of(request);
        Placeholders placeholders = Requests.placeholders(request);
        Condition keys = Requests.condition(request, "KeyConditionExpression", placeholders);
        if (keys == null) {
            throw ServiceException.validation(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
        }
        IndexSchema index = index(table.schema(), request);
        KeyAttribute hash = index == null ? table.schema().hash() : index.hash();
        KeyAttribute range = index == null ? table.schema().range() : index.range();
        KeyRange wanted = KeyCondition.range(keys, hash, range);
        return page(request, table, index, placeholders).run(wanted);
    }

    ObjectNode scan(JsonNode request) {
        Table table = tables.of(request);
        if (request.path("TotalSegments").asInt(1) > 1) {
            throw ServiceException.validation("Parallel scans are not supported by this store");
        }
        return page(request, table, index(table.schema(), request), Requests.placeholders(request))
                .run(KeyRange.all());
    }

    private static Page page(
            JsonNode request, Table table, @Nullable IndexSchema index, Placeholders placeholders) {
        Condition filter = Requests.condition(request, "FilterExpression", placeholders);
        Projection projection = Requests.projection(request, placeholders);
        placeholders.checkAllUsed();
        if (index != null && index.global() && request.path("ConsistentRead").asBoolean()) {
            throw ServiceException.validation(
                    "Consistent reads are not supported on global secondary indexes");
        }
        return new Page(request, table, index, filter, projection);
    }

    private static @Nullable IndexSchema index(TableSchema table, JsonNode request) {
        String name = Requests.text(request, "IndexName");
        return name == null ? null : table.index(name);
    }
}
