package comfyserverless.localstack.start;

import comfyserverless.contract.state.QueueDefinition;
import comfyserverless.contract.state.TableDefinition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Makes table, queue and buckets from their definitions in the contract, where they are missing.
public final class Provision {
    private static final String DEAD_LETTERS = "-dead";

    private Provision() {}

    public static void table(DynamoDbClient dynamo, String name, TableDefinition definition) {
        try {
            dynamo.createTable(
                    b ->
                            b.tableName(name)
                                    .billingMode(BillingMode.PAY_PER_REQUEST)
                                    .keySchema(keys(definition.partitionKey(), definition.sortKey()))
                                    .attributeDefinitions(attributes(definition))
                                    .localSecondaryIndexes(
                                            definition.indexes().stream().map(i -> index(definition, i)).toList())
                                    .streamSpecification(
                                            s ->
                                                    s.streamEnabled(true)
                                                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
            dynamo.updateTimeToLive(
                    b ->
                            b.tableName(name)
                                    .timeToLiveSpecification(
                                            t -> t.enabled(true).attributeName(definition.expiryAttribute())));
        } catch (ResourceInUseException e) {
            // It was made by an earlier start.
        }
    }

    private static List<KeySchemaElement> keys(String partition, String sort) {
        return List.of(
                KeySchemaElement.builder().attributeName(partition).keyType(KeyType.HASH).build(),
                KeySchemaElement.builder().attributeName(sort).keyType(KeyType.RANGE).build());
    }

    private static List<AttributeDefinition> attributes(TableDefinition definition) {
        List<String> names = new ArrayList<>(List.of(definition.partitionKey(), definition.sortKey()));
        definition.indexes().forEach(index -> names.add(index.sortKey()));
        return names.stream()
                .map(
                        name ->
                                AttributeDefinition.builder()
                                        .attributeName(name)
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                .toList();
    }

    private static LocalSecondaryIndex index(TableDefinition table, TableDefinition.Index index) {
        return LocalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(table.partitionKey(), index.sortKey()))
                .projection(p -> p.projectionType(ProjectionType.INCLUDE).nonKeyAttributes(index.projected()))
                .build();
    }

    /// The queue's URL.
    public static String queue(SqsClient sqs, String name, QueueDefinition definition) {
        String deadUrl = sqs.createQueue(b -> b.queueName(name + DEAD_LETTERS)).queueUrl();
        String deadArn =
                sqs.getQueueAttributes(b -> b.queueUrl(deadUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(definition.visibility().toSeconds()));
        attributes.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(definition.retention().toSeconds()));
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(deadArn, definition.maxReceives()));
        String url = sqs.createQueue(b -> b.queueName(name)).queueUrl();
        sqs.setQueueAttributes(b -> b.queueUrl(url).attributes(attributes));
        return url;
    }

    public static void bucket(S3Client s3, String name) {
        try {
            s3.createBucket(b -> b.bucket(name));
        } catch (BucketAlreadyExistsException | BucketAlreadyOwnedByYouException e) {
            // It was made by an earlier start.
        }
    }
}
