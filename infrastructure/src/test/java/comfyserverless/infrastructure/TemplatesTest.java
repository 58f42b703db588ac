package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.contract.state.TableDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class TemplatesTest {
    private static final String WHOLE_STAR = "*";
    private static App app;

    @BeforeAll
    static void synthesise(@TempDir Path folder) {
        assumeTrue(Node.find(System.getenv()).isPresent(), Node.MISSING);
        app = Synthesis.synthesise(folder);
    }

    @Test
    void the_table_has_the_keys_and_the_five_indexes_of_the_contract() {
        Template state = template("comfy-state");
        List<Map<String, Object>> indexes =
                TableDefinition.COMFY.indexes().stream()
                        .map(index ->
                                Map.<String, Object>of(
                                        "IndexName",
                                        index.name(),
                                        "KeySchema",
                                        List.of(
                                                Map.of("AttributeName", "PK", "KeyType", "HASH"),
                                                Map.of(
                                                        "AttributeName",
                                                        index.sortKey(),
                                                        "KeyType",
                                                        "RANGE")),
                                        "Projection",
                                        Map.of(
                                                "NonKeyAttributes",
                                                index.projected(),
                                                "ProjectionType",
                                                "INCLUDE")))
                        .toList();
        assertThat(indexes).hasSize(5);
        state.hasResourceProperties(
                "AWS::DynamoDB::Table",
                Map.of(
                        "LocalSecondaryIndexes",
                        indexes,
                        "StreamSpecification",
                        Map.of("StreamViewType", "NEW_AND_OLD_IMAGES"),
                        "TimeToLiveSpecification",
                        Map.of("AttributeName", "exp", "Enabled", true)));
    }

    @Test
    void the_table_and_the_buckets_stay_when_the_stack_goes() {
        Template state = template("comfy-state");
        state.allResources("AWS::DynamoDB::Table", Map.of("DeletionPolicy", "Retain"));
        state.allResources("AWS::S3::Bucket", Map.of("DeletionPolicy", "Retain"));
    }

    @Test
    void tickets_live_fourteen_days_and_die_after_twenty_receives() {
        template("comfy-state")
                .hasResourceProperties(
                        "AWS::SQS::Queue",
                        Map.of(
                                "MessageRetentionPeriod",
                                14 * 86400,
                                "RedrivePolicy",
                                Match.objectLike(Map.of("maxReceiveCount", 20))));
    }

    @Test
    void each_api_has_one_default_integration() {
        Template api = template("comfy-api");
        api.hasResourceProperties("AWS::ApiGatewayV2::Route", Map.of("RouteKey", "$default"));
        for (String key : List.of("$connect", "$disconnect")) {
            api.hasResourceProperties("AWS::ApiGatewayV2::Route", Map.of("RouteKey", key));
        }
        api.resourceCountIs("AWS::ApiGatewayV2::Route", 4);
    }

    @Test
    void functions_run_on_java_25_and_arm() {
        Template api = template("comfy-api");
        Map<String, Map<String, Object>> functions = api.findResources("AWS::Lambda::Function");
        assertThat(functions).hasSize(4);
        api.allResourcesProperties(
                "AWS::Lambda::Function",
                Map.of("Runtime", "java25", "Architectures", List.of("arm64")));
    }

    @Test
    void runners_scale_to_zero() {
        Template runner = template("comfy-runner");
        runner.hasResourceProperties("AWS::ECS::Service", Map.of("DesiredCount", 0));
        runner.hasResourceProperties(
                "AWS::ApplicationAutoScaling::ScalableTarget", Map.of("MinCapacity", 0));
        runner.hasResourceProperties("AWS::AutoScaling::AutoScalingGroup", Map.of("MinSize", "0"));
    }

    @Test
    void no_function_may_do_everything() {
        template("comfy-api")
                .findResources("AWS::IAM::Policy")
                .values()
                .forEach(policy ->
                        assertThat(policy.toString()).doesNotContain("Action=" + WHOLE_STAR + ","));
    }

    private static Template template(String stack) {
        return Template.fromStack((Stack) app.getNode().findChild(stack));
    }
}
