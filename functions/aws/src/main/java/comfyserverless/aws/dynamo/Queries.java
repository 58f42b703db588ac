package comfyserverless.aws.dynamo;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Cursor;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.Select;

/// [Query]s as the SDK's requests, and where their pages end.
final class Queries {
    private static final TableDefinition TABLE = TableDefinition.COMFY;

    private Queries() {}

    static QueryRequest request(String table, Query query, Select select) {
        Expression expression = new Expression();
        String keys =
                expression.name(TABLE.partitionKey())
                        + " = "
                        + expression.value(Value.of(query.partition()))
                        + range(query, expression);
        String filter = expression.condition(query.filter());
        QueryRequest.Builder request =
                QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .scanIndexForward(query.forward())
                        .limit(query.limit())
                        .keyConditionExpression(keys)
                        .filterExpression(filter)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values());
        boolean main = query.index() == Index.MAIN;
        if (!main) {
            request.indexName(query.index().attribute());
        }
        if (select == Select.COUNT) {
            request.select(Select.COUNT);
        }
        Cursor from = query.from();
        if (from != null) {
            request.exclusiveStartKey(startKey(query, from));
        }
        return request.build();
    }

    private static String range(Query query, Expression expression) {
        String sort = query.index() == Index.MAIN ? TABLE.sortKey() : query.index().attribute();
        return switch (query.range()) {
            case Query.Range.Whole whole -> "";
            case Query.Range.Prefix prefix ->
                    " AND begins_with("
                            + expression.name(sort)
                            + ", "
                            + expression.value(Value.of(prefix.prefix()))
                            + ")";
            case Query.Range.Above above ->
                    " AND "
                            + expression.name(sort)
                            + " > "
                            + expression.value(Value.of(above.bound()));
        };
    }

    private static Map<String, AttributeValue> startKey(Query query, Cursor from) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(TABLE.partitionKey(), Attributes.text(query.partition()));
        key.put(TABLE.sortKey(), Attributes.text(from.sort()));
        if (query.index() != Index.MAIN) {
            key.put(query.index().attribute(), Attributes.text(from.indexed()));
        }
        return key;
    }

    static @Nullable Cursor cursor(Index index, Map<String, AttributeValue> lastKey) {
        if (lastKey.isEmpty()) {
            return null;
        }
        String sort = Attributes.required(lastKey, TABLE.sortKey()).s();
        return new Cursor(
                sort,
                index == Index.MAIN ? sort : Attributes.required(lastKey, index.attribute()).s());
    }
}
