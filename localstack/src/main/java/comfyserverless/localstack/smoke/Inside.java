package comfyserverless.localstack.smoke;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.JobSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;

/// A deployment as its functions see it: its sockets, and a way to post to them.
public final class Inside implements AutoCloseable {
    private static final String NOT_ASKED = "none";

    private final Aws aws;
    private final String tenant;

    private Inside(Aws aws, String tenant) {
        this.aws = aws;
        this.tenant = tenant;
    }

    /// Of a deployment in this account, by the outputs of its stacks.
    ///
    /// @param tenant whom the key that is shown belongs to
    public static Inside ofDeployment(String prefix, String region, String tenant) {
        try (CloudFormationClient cloud =
                CloudFormationClient.builder()
                        .region(Region.of(region))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            String table = output(cloud, prefix + "-state", "TableName");
            String sockets = output(cloud, prefix + "-api", "SocketUrl");
            AwsSettings settings =
                    new AwsSettings(
                            region,
                            new AwsSettings.Endpoints(
                                    null,
                                    null,
                                    null,
                                    URI.create(sockets.replaceFirst("^wss", "https"))),
                            new AwsSettings.Names(table, NOT_ASKED, NOT_ASKED, NOT_ASKED),
                            null,
                            false);
            return of(settings, tenant);
        }
    }

    /// Of a local stack that runs on this machine.
    ///
    /// @param data its data folder
    public static Inside ofLocalStack(Path data, String tenant) throws IOException {
        Path file = data.resolve(SettingsFile.NAME);
        SettingsFile.Found found =
                SettingsFile.read(file)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "no local stack runs on "
                                                + data
                                                + ": there is no "
                                                + file));
        return of(found.settings(), tenant);
    }

    private static Inside of(AwsSettings settings, String tenant) {
        return new Inside(Aws.open(settings, JobSettings.standard()), tenant);
    }

    private static String output(CloudFormationClient cloud, String stack, String name) {
        Map<String, String> outputs =
                cloud
                        .describeStacks(ask -> ask.stackName(stack))
                        .stacks()
                        .getFirst()
                        .outputs()
                        .stream()
                        .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
        String value = outputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the stack " + stack + " has no output " + name);
        }
        return value;
    }

    /// What becomes of a text for the socket of this client; [Post.Outcome#GONE] where none is known.
    Post.Outcome post(String clientId, String text) {
        Connections connections = aws.ports().connections();
        return connections
                .find(tenant, clientId)
                .map(socket -> aws.post().text(socket.connectionId(), text))
                .orElse(Post.Outcome.GONE);
    }

    @Override
    public void close() {
        aws.close();
    }
}
