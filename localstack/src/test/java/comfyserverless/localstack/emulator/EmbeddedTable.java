package comfyserverless.localstack.emulator;

import static comfyserverless.localstack.emulator.DynamoFixture.TABLE;
import static comfyserverless.localstack.emulator.DynamoFixture.key;
import static comfyserverless.localstack.emulator.DynamoFixture.s;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// One table in an embedded store of its own for each test, and short ways to it.
abstract class EmbeddedTable {
    @TempDir Path folder;
    DynamoFixture dynamo;

    @BeforeEach
    void start() throws IOException {
        dynamo = DynamoFixture.start(folder.resolve("dynamo.mv")).withTable();
    }

    @AfterEach
    void stop() {
        dynamo.close();
    }

    PutItemResponse put(String pk, String sk, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        item.putAll(more);
        return dynamo.client.putItem(b -> b.tableName(TABLE).item(item));
    }

    Map<String, AttributeValue> get(String pk, String sk) {
        return dynamo.client
                .getItem(b -> b.tableName(TABLE).key(key(pk, sk)).consistentRead(true))
                .item();
    }

    QueryResponse query(String index, String pk, boolean forward, int limit) {
        return dynamo.client.query(b ->
                b.tableName(TABLE)
                        .indexName(index)
                        .keyConditionExpression("pk = :p")
                        .expressionAttributeValues(Map.of(":p", s(pk)))
                        .scanIndexForward(forward)
                        .limit(limit));
    }

    static List<String> sortKeys(QueryResponse page) {
        return page.items().stream().map(item -> text(item, "sk")).toList();
    }

    static String text(Map<String, AttributeValue> item, String attribute) {
        return Objects.requireNonNull(item.get(attribute), attribute).s();
    }
}
