package comfyserverless.localstack.emulator;

import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.emulator.dynamodb.StreamRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/// An embedded store with a client and one table: keys `pk`, `sk`, and the sparse local indexes `pos` (INCLUDE seq),
/// `num` (a number, KEYS_ONLY) and `his` (ALL).
final class DynamoFixture implements AutoCloseable {
    static final String TABLE = "jobs";

    private final EmbeddedDynamo dynamo;
    final DynamoDbClient client;
    final List<StreamRecord> stream = new CopyOnWriteArrayList<>();

    private DynamoFixture(Path file, Faults faults) throws IOException {
        this.dynamo = EmbeddedDynamo.start(file, Clock.systemUTC(), faults, stream::add);
        this.client = client(dynamo.endpoint());
    }

    static DynamoFixture start(Path file) throws IOException {
        return new DynamoFixture(file, Faults.NONE);
    }

    static DynamoFixture start(Path file, Faults faults) throws IOException {
        return new DynamoFixture(file, faults);
    }

    static DynamoDbClient client(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    DynamoFixture withTable() {
        client.createTable(b ->
                b.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                        .attributeDefinitions(
                                attribute("pk", ScalarAttributeType.S),
                                attribute("sk", ScalarAttributeType.S),
                                attribute("pos", ScalarAttributeType.S),
                                attribute("num", ScalarAttributeType.N),
                                attribute("his", ScalarAttributeType.S))
                        .localSecondaryIndexes(
                                index("pos", ProjectionType.INCLUDE, "seq"),
                                index("num", ProjectionType.KEYS_ONLY),
                                index("his", ProjectionType.ALL)));
        return this;
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private static LocalSecondaryIndex index(
            String name, ProjectionType projection, String... included) {
        Projection.Builder shown = Projection.builder().projectionType(projection);
        if (included.length > 0) {
            shown.nonKeyAttributes(included);
        }
        return LocalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(key("pk", KeyType.HASH), key(name, KeyType.RANGE))
                .projection(shown.build())
                .build();
    }

    static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of("pk", s(pk), "sk", s(sk));
    }

    @Override
    public void close() {
        client.close();
        dynamo.close();
    }
}
