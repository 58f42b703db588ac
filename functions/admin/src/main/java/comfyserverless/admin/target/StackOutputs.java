package comfyserverless.admin.target;

import comfyserverless.admin.report.Refusal;
import comfyserverless.aws.AwsSettings;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/// What a deployment's state is called, by its stack.
final class StackOutputs {
    private StackOutputs() {}

    /// @param prefix the deployment's
    /// @throws Refusal if there is no such stack, or no right to see it
    static AwsSettings.Names of(String prefix, String region) {
        String stack = prefix + "-state";
        try (CloudFormationClient cloudFormation =
                CloudFormationClient.builder()
                        .region(Region.of(region))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            Stack found =
                    cloudFormation.describeStacks(ask -> ask.stackName(stack)).stacks().getFirst();
            return names(
                    stack,
                    found.outputs().stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue)));
        } catch (SdkException e) {
            throw new Refusal(
                    "The names of the deployment "
                            + prefix
                            + " cannot be read from its stack "
                            + stack
                            + " in "
                            + region
                            + " ("
                            + Refusal.reason(e)
                            + "): give --deployment and --region, or --table, --files-bucket and"
                            + " --models-bucket; for a local stack give --local.",
                    e);
        }
    }

    private static AwsSettings.Names names(String stack, Map<String, String> outputs) {
        return new AwsSettings.Names(
                required(stack, outputs, "TableName"),
                required(stack, outputs, "FilesBucketName"),
                required(stack, outputs, "ModelsBucketName"),
                required(stack, outputs, "TicketsUrl"),
                new AwsSettings.Webhooks(
                        required(stack, outputs, "WebhooksUrl"),
                        required(stack, outputs, "DeadWebhooksUrl")));
    }

    private static String required(String stack, Map<String, String> outputs, String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new Refusal(
                    "The stack "
                            + stack
                            + " has no output "
                            + name
                            + ": deploy this version first.");
        }
        return value;
    }
}
