package comfyserverless.infrastructure;

import comfyserverless.contract.state.BucketDefinition;
import comfyserverless.contract.state.QueueDefinition;
import comfyserverless.contract.state.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.LocalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CorsRule;
import software.amazon.awscdk.services.s3.HttpMethods;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;

/// Everything that must survive: the table, the buckets, the queues, the secrets. Made from the
/// definitions in contract; table and buckets are kept when the stack is deleted.
final class StateStack extends Stack {
    private final Table table;
    private final Bucket files;
    private final Bucket models;
    private final Queue deadTickets;
    private final Queue tickets;
    private final Queue deadWebhooks;
    private final Queue webhooks;
    private final OriginSecrets originSecrets;

    StateStack(App app, DeploySettings settings) {
        super(app, new Names(settings.prefix()).stack("state"));
        this.table = table(TableDefinition.COMFY);
        this.files = bucket("Files", BucketDefinition.FILES);
        this.models = bucket("Models", BucketDefinition.MODELS);
        this.deadTickets = deadLetters("DeadTickets");
        this.tickets = queue("Tickets", QueueDefinition.TICKETS, deadTickets);
        this.deadWebhooks = deadLetters("DeadWebhooks");
        this.webhooks = queue("Webhooks", QueueDefinition.WEBHOOKS, deadWebhooks);
        this.originSecrets = new OriginSecrets(this, settings.web().secretGeneration());
        output("TableName", table.getTableName());
        output("FilesBucketName", files.getBucketName());
        output("ModelsBucketName", models.getBucketName());
        output("TicketsUrl", tickets.getQueueUrl());
        output("WebhooksUrl", webhooks.getQueueUrl());
        output("DeadWebhooksUrl", deadWebhooks.getQueueUrl());
    }

    private Queue deadLetters(String id) {
        return Queue.Builder.create(this, id)
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .visibilityTimeout(Duration.minutes(6))
                .retentionPeriod(Duration.days(14))
                .build();
    }

    private Queue queue(String id, QueueDefinition definition, Queue dead) {
        return Queue.Builder.create(this, id)
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .visibilityTimeout(Duration.seconds(definition.visibility().toSeconds()))
                .retentionPeriod(Duration.days(definition.retention().toDays()))
                .deadLetterQueue(
                        DeadLetterQueue.builder()
                                .queue(dead)
                                .maxReceiveCount(definition.maxReceives())
                                .build())
                .build();
    }

    private void output(String name, String value) {
        CfnOutput.Builder.create(this, name).value(value).build();
    }

    Table table() {
        return table;
    }

    Bucket files() {
        return files;
    }

    Bucket models() {
        return models;
    }

    Queue tickets() {
        return tickets;
    }

    Queue deadTickets() {
        return deadTickets;
    }

    /// Calls to be made.
    Queue webhooks() {
        return webhooks;
    }

    /// Calls that were given up.
    Queue deadWebhooks() {
        return deadWebhooks;
    }

    List<String> indexNames() {
        return TableDefinition.COMFY.indexes().stream().map(TableDefinition.Index::name).toList();
    }

    OriginSecrets originSecrets() {
        return originSecrets;
    }

    /// The names that functions and runner read from their environment.
    Map<String, String> names() {
        return Map.of(
                "COMFY_TABLE", table.getTableName(),
                "COMFY_FILES_BUCKET", files.getBucketName(),
                "COMFY_MODELS_BUCKET", models.getBucketName(),
                "COMFY_QUEUE_URL", tickets.getQueueUrl());
    }

    /// What the functions alone read from theirs: runners call nobody.
    Map<String, String> webhookNames() {
        return Map.of(
                "COMFY_WEBHOOK_QUEUE_URL", webhooks.getQueueUrl(),
                "COMFY_WEBHOOK_DEAD_QUEUE_URL", deadWebhooks.getQueueUrl());
    }

    private Table table(TableDefinition definition) {
        Table made =
                Table.Builder.create(this, "Table")
                        .partitionKey(text(definition.partitionKey()))
                        .sortKey(text(definition.sortKey()))
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .stream(StreamViewType.NEW_AND_OLD_IMAGES)
                        .timeToLiveAttribute(definition.expiryAttribute())
                        .pointInTimeRecoverySpecification(
                                PointInTimeRecoverySpecification.builder()
                                        .pointInTimeRecoveryEnabled(true)
                                        .build())
                        .removalPolicy(RemovalPolicy.RETAIN)
                        .build();
        for (TableDefinition.Index index : definition.indexes()) {
            made.addLocalSecondaryIndex(
                    LocalSecondaryIndexProps.builder()
                            .indexName(index.name())
                            .sortKey(text(index.sortKey()))
                            .projectionType(ProjectionType.INCLUDE)
                            .nonKeyAttributes(index.projected())
                            .build());
        }
        return made;
    }

    private Bucket bucket(String id, BucketDefinition definition) {
        List<LifecycleRule> rules = new ArrayList<>();
        rules.add(
                LifecycleRule.builder()
                        .abortIncompleteMultipartUploadAfter(Duration.days(7))
                        .build());
        definition.lifetimes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry ->
                        LifecycleRule.builder()
                                .prefix(entry.getKey())
                                .expiration(Duration.days(entry.getValue().toDays()))
                                .build())
                .forEach(rules::add);
        return Bucket.Builder.create(this, id)
                .cors(definition.uploads() ? List.of(signedUploads()) : List.of())
                .encryption(BucketEncryption.S3_MANAGED)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .enforceSsl(true)
                .lifecycleRules(rules)
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
    }

    /// Pages put large files here by signed addresses. The signature decides who may; the page's own address
    /// is not known to this stack.
    private static CorsRule signedUploads() {
        return CorsRule.builder()
                .allowedMethods(List.of(HttpMethods.PUT))
                .allowedOrigins(List.of("*"))
                .allowedHeaders(List.of("*"))
                .maxAge(3000)
                .build();
    }

    private static Attribute text(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
