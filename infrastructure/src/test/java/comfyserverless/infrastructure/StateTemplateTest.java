package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.state.BucketDefinition;
import comfyserverless.contract.state.TableDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class StateTemplateTest {
    private final Template state = Templates.of(Templates.PLAIN, "state");

    @Test
    void the_table_has_the_keys_and_the_five_indexes_of_the_contract() {
        List<Map<String, Object>> indexes =
                TableDefinition.COMFY.indexes().stream().map(StateTemplateTest::index).toList();
        assertThat(indexes).hasSize(5);
        state.hasResourceProperties(
                "AWS::DynamoDB::Table",
                Map.of(
                        "LocalSecondaryIndexes",
                        indexes,
                        "StreamSpecification",
                        Map.of("StreamViewType", "NEW_AND_OLD_IMAGES"),
                        "TimeToLiveSpecification",
                        Map.of("AttributeName", "exp", "Enabled", true),
                        "BillingMode",
                        "PAY_PER_REQUEST",
                        "PointInTimeRecoverySpecification",
                        Map.of("PointInTimeRecoveryEnabled", true)));
    }

    private static Map<String, Object> index(TableDefinition.Index index) {
        return Map.of(
                "IndexName",
                index.name(),
                "KeySchema",
                List.of(key("PK", "HASH"), key(index.sortKey(), "RANGE")),
                "Projection",
                Map.of("NonKeyAttributes", index.projected(), "ProjectionType", "INCLUDE"));
    }

    private static Map<String, Object> key(String attribute, String type) {
        return Map.of("AttributeName", attribute, "KeyType", type);
    }

    @Test
    void the_table_and_the_buckets_stay_when_the_stack_goes() {
        state.allResources("AWS::DynamoDB::Table", Map.of("DeletionPolicy", "Retain"));
        state.allResources("AWS::S3::Bucket", Map.of("DeletionPolicy", "Retain"));
    }

    @Test
    void buckets_are_closed_encrypted_and_forget_what_the_contract_says() {
        state.allResourcesProperties(
                "AWS::S3::Bucket",
                Map.of(
                        "PublicAccessBlockConfiguration",
                        Map.of(
                                "BlockPublicAcls", true,
                                "BlockPublicPolicy", true,
                                "IgnorePublicAcls", true,
                                "RestrictPublicBuckets", true),
                        "BucketEncryption",
                        Match.anyValue()));
        BucketDefinition.FILES
                .lifetimes()
                .forEach((prefix, life) ->
                        state.hasResourceProperties(
                                "AWS::S3::Bucket",
                                Map.of(
                                        "LifecycleConfiguration",
                                        Map.of(
                                                "Rules",
                                                Match.arrayWith(
                                                        List.of(
                                                                Match.objectLike(
                                                                        Map.of(
                                                                                "Prefix",
                                                                                prefix,
                                                                                "ExpirationInDays",
                                                                                life
                                                                                        .toDays()))))))));
    }

    @Test
    void pages_may_put_large_files_into_the_files_bucket_only() {
        Map<String, Map<String, Object>> buckets = state.findResources("AWS::S3::Bucket");
        for (Map.Entry<String, Map<String, Object>> bucket : buckets.entrySet()) {
            boolean allows = bucket.getValue().toString().contains("AllowedMethods=[PUT]");
            assertThat(allows).as(bucket.getKey()).isEqualTo(bucket.getKey().startsWith("Files"));
        }
        assertThat(buckets).hasSize(2);
    }

    @Test
    void tickets_live_fourteen_days_and_die_after_twenty_receives() {
        state.hasResourceProperties(
                "AWS::SQS::Queue",
                Map.of(
                        "MessageRetentionPeriod",
                        14 * 86400,
                        "RedrivePolicy",
                        Match.objectLike(Map.of("maxReceiveCount", 20))));
    }

    @Test
    void a_call_to_a_webhook_is_hidden_for_three_times_as_long_as_its_function_may_run() {
        state.hasResourceProperties(
                "AWS::SQS::Queue",
                Map.of(
                        "VisibilityTimeout",
                        180,
                        "MessageRetentionPeriod",
                        14 * 86400,
                        "RedrivePolicy",
                        Match.objectLike(Map.of("maxReceiveCount", 50))));
        state.hasOutput("WebhooksUrl", Map.of());
        state.hasOutput("DeadWebhooksUrl", Map.of());
    }

    @Test
    void a_new_generation_of_the_secret_keeps_the_one_before() {
        state.resourceCountIs("AWS::SecretsManager::Secret", 1);
        Templates.of(Templates.FULL, "state").resourceCountIs("AWS::SecretsManager::Secret", 3);
    }
}
