package comfyserverless.aws;

import comfyserverless.aws.dynamo.DynamoSetup;
import comfyserverless.contract.state.QueueDefinition;
import comfyserverless.contract.state.TableDefinition;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Makes in an emulator what the CDK app makes in AWS, from the same definitions.
final class StoreSetup {
    private final DynamoDbClient dynamo;
    private final S3Client s3;
    private final SqsClient sqs;

    StoreSetup(DynamoDbClient dynamo, S3Client s3, SqsClient sqs) {
        this.dynamo = dynamo;
        this.s3 = s3;
        this.sqs = sqs;
    }

    void create(AwsSettings.Names names) {
        DynamoSetup.create(dynamo, names.table(), TableDefinition.COMFY);
        createBucket(names.filesBucket());
        createBucket(names.modelsBucket());
        createQueue(names.queueName(), names.deadQueueName(), QueueDefinition.TICKETS);
        AwsSettings.Webhooks webhooks = names.webhooks();
        if (webhooks != null) {
            createQueue(
                    AwsSettings.queueName(webhooks.queueUrl()),
                    AwsSettings.queueName(webhooks.deadQueueUrl()),
                    QueueDefinition.WEBHOOKS);
        }
    }

    private void createBucket(String bucket) {
        try {
            s3.createBucket(create -> create.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // an earlier start made it
            return;
        }
    }

    /// A queue and where its messages go that nobody could use.
    private void createQueue(String name, String deadName, QueueDefinition definition) {
        String dead = sqs.createQueue(create -> create.queueName(deadName)).queueUrl();
        sqs.createQueue(create ->
                create.queueName(name)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.VISIBILITY_TIMEOUT,
                                        seconds(definition.visibility().toSeconds()),
                                        QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                                        seconds(definition.retention().toSeconds()))));
        redrive(
                sqs.getQueueUrl(get -> get.queueName(name)).queueUrl(),
                dead,
                definition.maxReceives());
    }

    /// Set by itself, so that a queue of an earlier start gets it too.
    private void redrive(String queueUrl, String deadUrl, int maxReceives) {
        String arn =
                sqs.getQueueAttributes(get ->
                                get.queueUrl(deadUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN);
        String policy =
                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":" + maxReceives + "}";
        sqs.setQueueAttributes(set ->
                set.queueUrl(queueUrl)
                        .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
    }

    private static String seconds(long seconds) {
        return Long.toString(seconds);
    }
}
