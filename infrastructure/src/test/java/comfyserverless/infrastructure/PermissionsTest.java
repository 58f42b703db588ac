package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.state.TableAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.assertions.Template;

/// What roles may do: every action by name and for named resources.
class PermissionsTest {
    /// AWS knows no resource for these.
    private static final Set<String> WITHOUT_RESOURCE =
            Set.of(
                    "xray:PutTraceSegments",
                    "xray:PutTelemetryRecords",
                    "dynamodb:ListStreams",
                    "ecr:GetAuthorizationToken",
                    "ecs:DiscoverPollEndpoint");

    /// Made by the CDK: the upload of a page, and the build's right to read the uploaded source.
    private static final List<String> OF_THE_CDK =
            List.of("CustomCDKBucketDeployment", "ImageProjectRole");

    private record Statement(String owner, JsonNode json) {
        List<String> actions() {
            JsonNode action = json.path("Action");
            List<String> actions = new ArrayList<>();
            if (action.isTextual()) {
                actions.add(action.asText());
            }
            action.forEach(one -> actions.add(one.asText()));
            return actions;
        }

        String resource() {
            return json.path("Resource").toString();
        }
    }

    static Stream<Map<String, Object>> deployments() {
        return Stream.of(Templates.PLAIN, Templates.FULL, Templates.SPOT);
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void no_action_is_a_pattern_and_no_resource_is_everything(Map<String, Object> context) {
        int seen = 0;
        for (String stack : Templates.STACKS) {
            for (Statement statement : statements(Templates.of(context, stack))) {
                seen++;
                if (OF_THE_CDK.stream().anyMatch(statement.owner()::startsWith)) {
                    continue;
                }
                assertThat(statement.actions())
                        .as(statement.toString())
                        .noneMatch(action -> action.contains("*"));
                if (statement.resource().equals("\"*\"")) {
                    assertThat(WITHOUT_RESOURCE)
                            .as(statement.toString())
                            .containsAll(statement.actions());
                }
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    @Test
    void functions_reach_only_the_partitions_that_they_touch() {
        Template api = Templates.of(Templates.PLAIN, "api");
        assertThat(leadingKeys(api, "FunctionsSocket"))
                .isEqualTo(TableAccess.SOCKET.leadingKeys().orElseThrow());
        assertThat(leadingKeys(api, "FunctionsStatus"))
                .isEqualTo(TableAccess.STATUS.leadingKeys().orElseThrow());
        assertThat(leadingKeys(api, "FunctionsReconcile"))
                .isEqualTo(TableAccess.RECONCILE.leadingKeys().orElseThrow())
                .doesNotContain("U#*", "Y#*");
        assertThat(leadingKeys(Templates.of(Templates.PLAIN, "runner"), "TaskTaskRole"))
                .doesNotContain("U#*", "Y#*");
    }

    @Test
    void the_caller_of_webhooks_reads_jobs_and_files_and_changes_only_its_own_records() {
        Template api = Templates.of(Templates.PLAIN, "api");
        assertThat(leadingKeys(api, "FunctionsWebhook"))
                .isEqualTo(TableAccess.WEBHOOK.leadingKeys().orElseThrow())
                .doesNotContain("U#*", "Y#*");
        List<String> actions = new ArrayList<>();
        for (Statement statement : statements(api)) {
            if (statement.owner().startsWith("FunctionsWebhook")) {
                statement.actions().stream()
                        .filter(action -> !action.startsWith("dynamodb:"))
                        .forEach(actions::add);
            }
        }
        assertThat(actions)
                .contains("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:SendMessage")
                .contains("s3:GetObject")
                .doesNotContain("s3:PutObject", "s3:DeleteObject", "execute-api:ManageConnections");
    }

    @Test
    void only_who_learns_of_jobs_or_replays_hands_over_webhooks() {
        List<String> senders =
                statements(Templates.of(Templates.PLAIN, "api")).stream()
                        .filter(statement -> statement.actions().contains("sqs:SendMessage"))
                        .filter(statement -> statement.resource().contains("Webhooks"))
                        .map(statement -> statement.owner().replaceAll("Role.*", ""))
                        .toList();
        assertThat(senders)
                .containsExactlyInAnyOrder(
                        "FunctionsHttp",
                        "FunctionsStatus",
                        "FunctionsReconcile",
                        "FunctionsWebhook");
        assertThat(statements(Templates.of(Templates.PLAIN, "runner")).toString())
                .doesNotContain("Webhooks");
    }

    @Test
    void only_the_stream_function_starts_runners_and_only_those() {
        List<Statement> starting =
                statements(Templates.of(Templates.PLAIN, "api")).stream()
                        .filter(statement -> statement.actions().contains("ecs:UpdateService"))
                        .toList();
        assertThat(starting).hasSize(1);
        assertThat(starting.getFirst().owner()).startsWith("FunctionsStatus");
        assertThat(starting.getFirst().resource().toString())
                .contains("service/comfy-runners/comfy-runner");
    }

    @Test
    void runners_change_no_model() {
        for (Statement statement : statements(Templates.of(Templates.PLAIN, "runner"))) {
            if (statement.owner().startsWith("TaskTaskRole")
                    && statement.actions().contains("s3:PutObject")) {
                assertThat(statement.resource()).contains("Files").doesNotContain("Models");
            }
        }
    }

    private static List<String> leadingKeys(Template template, String owner) {
        List<String> found = new ArrayList<>();
        for (Statement statement : statements(template)) {
            if (statement.owner().startsWith(owner)) {
                statement
                        .json()
                        .at("/Condition/ForAllValues:StringLike")
                        .path("dynamodb:LeadingKeys")
                        .forEach(key -> found.add(key.asText()));
            }
        }
        return found;
    }

    private static List<Statement> statements(Template template) {
        List<Statement> statements = new ArrayList<>();
        JsonNode resources = Json.mapper().valueToTree(template.toJSON().get("Resources"));
        for (Map.Entry<String, JsonNode> resource : resources.properties()) {
            JsonNode properties = resource.getValue().path("Properties");
            List<JsonNode> documents = new ArrayList<>();
            switch (resource.getValue().path("Type").asText()) {
                case "AWS::IAM::Policy" -> documents.add(properties.path("PolicyDocument"));
                case "AWS::IAM::Role" ->
                        properties
                                .path("Policies")
                                .forEach(policy -> documents.add(policy.path("PolicyDocument")));
                default -> documents.clear();
            }
            for (JsonNode document : documents) {
                document.path("Statement")
                        .forEach(json -> statements.add(new Statement(resource.getKey(), json)));
            }
        }
        return statements;
    }
}
