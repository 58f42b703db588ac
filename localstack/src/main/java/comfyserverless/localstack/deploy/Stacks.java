package comfyserverless.localstack.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;

/// Stacks of CloudFormation by their names: made if they are not there, brought up to date if they are.
final class Stacks {
    private final CloudFormationClient cloud;

    Stacks(CloudFormationClient cloud) {
        this.cloud = cloud;
    }

    /// Deploys a template and waits for it.
    ///
    /// @return the stack's outputs
    /// @throws IllegalStateException when it fails, with the first reason that the emulator gave
    Map<String, String> deploy(String name, JsonNode template, Map<String, String> parameters) {
        String body = Json.write(template);
        List<Parameter> values =
                parameters.entrySet().stream()
                        .map(e ->
                                Parameter.builder()
                                        .parameterKey(e.getKey())
                                        .parameterValue(e.getValue())
                                        .build())
                        .toList();
        try {
            if (exists(name)) {
                update(name, body, values);
            } else {
                cloud.createStack(create ->
                        create.stackName(name)
                                .templateBody(body)
                                .parameters(values)
                                .capabilities(Capability.CAPABILITY_NAMED_IAM));
                cloud.waiter().waitUntilStackCreateComplete(wait -> wait.stackName(name));
            }
        } catch (SdkClientException e) {
            throw new IllegalStateException("the stack " + name + " failed: " + reason(name), e);
        }
        return outputs(name);
    }

    private void update(String name, String body, List<Parameter> values) {
        try {
            cloud.updateStack(update ->
                    update.stackName(name)
                            .templateBody(body)
                            .parameters(values)
                            .capabilities(Capability.CAPABILITY_NAMED_IAM));
        } catch (CloudFormationException e) {
            if (String.valueOf(e.getMessage()).contains("No updates are to be performed")) {
                return;
            }
            throw e;
        }
        cloud.waiter().waitUntilStackUpdateComplete(wait -> wait.stackName(name));
    }

    private boolean exists(String name) {
        try {
            return !cloud.describeStacks(describe -> describe.stackName(name)).stacks().isEmpty();
        } catch (CloudFormationException e) {
            // CloudFormation has no other answer for a name that it does not know
            return false;
        }
    }

    private Map<String, String> outputs(String name) {
        return cloud
                .describeStacks(describe -> describe.stackName(name))
                .stacks()
                .getFirst()
                .outputs()
                .stream()
                .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
    }

    private String reason(String name) {
        return cloud
                .describeStackEvents(describe -> describe.stackName(name))
                .stackEvents()
                .stream()
                .filter(event -> event.resourceStatusAsString().endsWith("FAILED"))
                .reduce((later, earlier) -> earlier)
                .map(event -> event.logicalResourceId() + ": " + event.resourceStatusReason())
                .orElse("no event says why");
    }
}
