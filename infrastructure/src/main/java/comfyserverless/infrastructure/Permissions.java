package comfyserverless.infrastructure;

import comfyserverless.contract.state.TableAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sqs.Queue;

/// The statements of which roles are made: each names its actions one by one and the resource they are
/// for.
final class Permissions {
    private static final List<String> READ =
            List.of("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query");
    private static final List<String> WRITE =
            List.of(
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:BatchWriteItem",
                    "dynamodb:ConditionCheckItem");

    private Permissions() {}

    /// Reads and writes the partitions of the table that a part touches.
    static PolicyStatement table(Table table, List<String> indexes, TableAccess access) {
        List<String> resources = new ArrayList<>();
        resources.add(table.getTableArn());
        indexes.forEach(index -> resources.add(table.getTableArn() + "/index/" + index));
        List<String> actions = new ArrayList<>(READ);
        actions.addAll(WRITE);
        PolicyStatement.Builder statement =
                PolicyStatement.Builder.create().actions(actions).resources(resources);
        access.leadingKeys()
                .ifPresent(keys ->
                        statement.conditions(
                                Map.of(
                                        "ForAllValues:StringLike",
                                        Map.of("dynamodb:LeadingKeys", keys))));
        return statement.build();
    }

    static PolicyStatement readAndWriteObjects(Bucket bucket) {
        return objects(bucket, "s3:GetObject", "s3:PutObject", "s3:DeleteObject");
    }

    /// As [#readAndWriteObjects(Bucket)], of the objects whose keys begin so.
    static PolicyStatement readAndWriteObjects(Bucket bucket, String prefix) {
        return of(
                bucket.arnForObjects(prefix + "*"),
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject");
    }

    static PolicyStatement readObjects(Bucket bucket) {
        return objects(bucket, "s3:GetObject");
    }

    private static PolicyStatement objects(Bucket bucket, String... actions) {
        return of(bucket.arnForObjects("*"), actions);
    }

    /// Listing; without it S3 also answers 403, not 404, for an object that is not there.
    static PolicyStatement listObjects(Bucket bucket) {
        return of(bucket.getBucketArn(), "s3:ListBucket");
    }

    static PolicyStatement sendTo(Queue queue) {
        return of(queue.getQueueArn(), "sqs:SendMessage");
    }

    static PolicyStatement receiveFrom(Queue queue) {
        return of(
                queue.getQueueArn(),
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:ChangeMessageVisibility");
    }

    /// Posts to the sockets of a stage, or closes them.
    static PolicyStatement connections(Stack stack, String api, String stage, String... methods) {
        List<String> resources = new ArrayList<>();
        for (String method : methods) {
            resources.add(
                    stack.formatArn(
                            ArnComponents.builder()
                                    .service("execute-api")
                                    .resource(api)
                                    .resourceName(stage + "/" + method + "/@connections/*")
                                    .build()));
        }
        return PolicyStatement.Builder.create()
                .actions(List.of("execute-api:ManageConnections"))
                .resources(resources)
                .build();
    }

    static PolicyStatement of(String resource, String... actions) {
        return PolicyStatement.Builder.create()
                .actions(List.of(actions))
                .resources(List.of(resource))
                .build();
    }
}
