package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.state.StreamFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class ApiTemplateTest {
    private final Template api = Templates.of(Templates.PLAIN, "api");

    @Test
    void each_api_has_one_default_integration() {
        api.hasResourceProperties("AWS::ApiGatewayV2::Route", Map.of("RouteKey", "$default"));
        for (String key : List.of("$connect", "$disconnect")) {
            api.hasResourceProperties("AWS::ApiGatewayV2::Route", Map.of("RouteKey", key));
        }
        api.resourceCountIs("AWS::ApiGatewayV2::Route", 4);
    }

    @Test
    void functions_run_on_java_25_and_arm_and_start_from_a_snapshot() {
        assertThat(api.findResources("AWS::Lambda::Function")).hasSize(5);
        api.allResourcesProperties(
                "AWS::Lambda::Function",
                Map.of(
                        "Runtime",
                        "java25",
                        "Architectures",
                        List.of("arm64"),
                        "SnapStart",
                        Map.of("ApplyOn", "PublishedVersions"),
                        "TracingConfig",
                        Map.of("Mode", "Active")));
        api.resourceCountIs("AWS::Lambda::Alias", 5);
        api.allResourcesProperties("AWS::Lambda::Alias", Map.of("Name", "live"));
    }

    @Test
    void everything_that_calls_a_function_calls_its_snapshot() {
        api.findResources("AWS::ApiGatewayV2::Integration")
                .values()
                .forEach(integration ->
                        assertThat(integration.toString())
                                .contains("Ref=Functions")
                                .contains("Live"));
        api.findResources("AWS::Lambda::EventSourceMapping")
                .values()
                .forEach(source -> assertThat(source.toString()).contains("Live"));
        api.findResources("AWS::Events::Rule")
                .values()
                .forEach(rule -> assertThat(rule.toString()).contains("Live"));
    }

    @Test
    void the_stream_brings_only_changes_of_jobs_and_no_change_is_lost_silently() {
        List<Map<String, String>> patterns =
                StreamFilter.JOB_CHANGES.stream()
                        .map(filter -> Map.of("Pattern", filter.pattern()))
                        .toList();
        assertThat(patterns).hasSizeLessThanOrEqualTo(5);
        api.hasResourceProperties(
                "AWS::Lambda::EventSourceMapping",
                Map.of(
                        "FilterCriteria",
                        Map.of("Filters", patterns),
                        "BisectBatchOnFunctionError",
                        true,
                        "FunctionResponseTypes",
                        List.of("ReportBatchItemFailures"),
                        "DestinationConfig",
                        Map.of("OnFailure", Match.anyValue())));
    }

    @Test
    void the_clock_repairs_each_minute_and_keeps_each_snapshot_alive() {
        api.hasResourceProperties(
                "AWS::Events::Rule", Map.of("ScheduleExpression", "rate(1 minute)"));
        api.hasResourceProperties(
                "AWS::Events::Rule",
                Map.of(
                        "ScheduleExpression",
                        "rate(1 day)",
                        "Targets",
                        Match.arrayWith(
                                List.of(Match.objectLike(Map.of("Input", Match.anyValue()))))));
        assertThat(Ping.ALL.keySet())
                .containsExactlyInAnyOrder("http", "socket", "status", "webhook");
    }

    @Test
    void a_call_to_a_webhook_that_failed_stays_in_the_queue_and_the_others_of_its_batch_do_not() {
        api.hasResourceProperties(
                "AWS::Lambda::EventSourceMapping",
                Map.of(
                        "EventSourceArn",
                        Match.objectLike(
                                Map.of("Fn::ImportValue", Match.stringLikeRegexp(".*Webhooks.*"))),
                        "FunctionResponseTypes",
                        List.of("ReportBatchItemFailures"),
                        "BatchSize",
                        10,
                        "ScalingConfig",
                        Map.of("MaximumConcurrency", 20)));
    }

    @Test
    void functions_stand_in_no_network_from_which_anything_private_could_be_called() {
        api.findResources("AWS::Lambda::Function")
                .values()
                .forEach(function -> assertThat(function.toString()).doesNotContain("VpcConfig"));
    }

    @Test
    void functions_know_the_queue_of_webhooks() {
        for (String name : List.of("COMFY_WEBHOOK_QUEUE_URL", "COMFY_WEBHOOK_DEAD_QUEUE_URL")) {
            api.allResourcesProperties(
                    "AWS::Lambda::Function",
                    Map.of("Environment", Map.of("Variables", Map.of(name, Match.anyValue()))));
        }
    }

    @Test
    void greetings_are_neither_repeated_nor_late() {
        api.hasResourceProperties(
                "AWS::Lambda::EventInvokeConfig",
                Map.of("MaximumRetryAttempts", 0, "MaximumEventAgeInSeconds", 60));
    }

    @Test
    void access_logs_hold_no_query_string() {
        Template all = Templates.of(Templates.FULL, "api");
        Map<String, Map<String, Object>> stages = all.findResources("AWS::ApiGatewayV2::Stage");
        assertThat(stages).hasSize(2);
        for (Map<String, Object> stage : stages.values()) {
            assertThat(stage.toString())
                    .contains("AccessLogSettings")
                    .doesNotContain("querystring")
                    .doesNotContain("queryString");
        }
    }

    @Test
    void functions_take_this_secret_and_the_one_before() {
        assertThat(secrets(Templates.of(Templates.FULL, "api"))).hasSize(2);
        assertThat(secrets(api)).hasSize(1);
    }

    private static List<String> secrets(Template template) {
        String function =
                template.findResources("AWS::Lambda::Function")
                        .values()
                        .iterator()
                        .next()
                        .toString();
        return List.of(function.split("resolve:secretsmanager", -1)).stream().skip(1).toList();
    }
}
