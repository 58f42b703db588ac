package comfyserverless.aws.dynamo;

import comfyserverless.contract.state.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/// Makes the table from its definition, for stores that the CDK app does not make.
public final class DynamoSetup {
    private DynamoSetup() {}

    /// A table that exists stays as it is.
    public static void create(DynamoDbClient dynamo, String name, TableDefinition definition) {
        List<AttributeDefinition> attributes = new ArrayList<>();
        attributes.add(text(definition.partitionKey()));
        attributes.add(text(definition.sortKey()));
        List<LocalSecondaryIndex> indexes = new ArrayList<>();
        for (TableDefinition.Index index : definition.indexes()) {
            attributes.add(text(index.sortKey()));
            indexes.add(index(definition, index));
        }
        try {
            dynamo.createTable(create ->
                    create.tableName(name)
                            .attributeDefinitions(attributes)
                            .keySchema(keys(definition.partitionKey(), definition.sortKey()))
                            .localSecondaryIndexes(indexes)
                            .billingMode(BillingMode.PAY_PER_REQUEST)
                            .streamSpecification(stream ->
                                    stream.streamEnabled(true)
                                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
        } catch (ResourceInUseException e) {
            // an earlier start made it
            return;
        }
        dynamo.waiter().waitUntilTableExists(describe -> describe.tableName(name));
        dynamo.updateTimeToLive(update ->
                update.tableName(name)
                        .timeToLiveSpecification(ttl ->
                                ttl.enabled(true).attributeName(definition.expiryAttribute())));
    }

    private static LocalSecondaryIndex index(
            TableDefinition definition, TableDefinition.Index index) {
        return LocalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(definition.partitionKey(), index.sortKey()))
                .projection(projection ->
                        projection
                                .projectionType(ProjectionType.INCLUDE)
                                .nonKeyAttributes(index.projected()))
                .build();
    }

    private static List<KeySchemaElement> keys(String partition, String sort) {
        return List.of(key(partition, KeyType.HASH), key(sort, KeyType.RANGE));
    }

    private static KeySchemaElement key(String attribute, KeyType type) {
        return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
    }

    private static AttributeDefinition text(String attribute) {
        return AttributeDefinition.builder()
                .attributeName(attribute)
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
