package comfyserverless.localstack.real;

import comfyserverless.aws.AwsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;

/// Deploys the template of the State stack, as the infrastructure module wrote it.
final class DeployedState {
    private static final Path TEMPLATE =
            Path.of("..", "infrastructure", "target", "cdk.out", "comfy-state.template.json");
    private static final String NO_TEMPLATE =
            "no " + TEMPLATE + ": build infrastructure with Node.js first, which writes it";

    private DeployedState() {}

    /// The names that the stack gave.
    static AwsSettings.Names on(URI endpoint) throws IOException {
        Assumptions.assumeTrue(Files.exists(TEMPLATE), NO_TEMPLATE);
        String stack = "state-" + UUID.randomUUID();
        try (CloudFormationClient cloud = client(endpoint)) {
            String template = Files.readString(TEMPLATE);
            cloud.createStack(create -> create.stackName(stack).templateBody(template));
            cloud.waiter().waitUntilStackCreateComplete(wait -> wait.stackName(stack));
            Map<String, String> outputs =
                    cloud
                            .describeStacks(describe -> describe.stackName(stack))
                            .stacks()
                            .getFirst()
                            .outputs()
                            .stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
            String queue = value(outputs, "TicketsUrl");
            return new AwsSettings.Names(
                    value(outputs, "TableName"),
                    value(outputs, "FilesBucketName"),
                    value(outputs, "ModelsBucketName"),
                    // its own host name needs a resolver that knows it
                    endpoint + URI.create(queue).getPath());
        }
    }

    private static String value(Map<String, String> outputs, String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new IllegalStateException("the stack has no output " + name + ": " + outputs);
        }
        return value;
    }

    private static CloudFormationClient client(URI endpoint) {
        return CloudFormationClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
