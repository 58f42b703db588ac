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
        createQueue(names.queueName());
    }

    private void createBucket(String bucket) {
        try {
            s3.createBucket(create -> create.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // an earlier start made it
            return;
        }
    }

    private void createQueue(String queueName) {
        QueueDefinition tickets = QueueDefinition.TICKETS;
        sqs.createQueue(create ->
                create.queueName(queueName)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.VISIBILITY_TIMEOUT,
                                        seconds(tickets.visibility().toSeconds()),
                                        QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                                        seconds(tickets.retention().toSeconds()))));
    }

    private static String seconds(long seconds) {
        return Long.toString(seconds);
    }
}
