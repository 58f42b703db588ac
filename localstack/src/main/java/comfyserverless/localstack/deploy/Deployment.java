package comfyserverless.localstack.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/// Puts the State and the API stack on an emulator, from the templates and the zip that AWS would get.
public final class Deployment implements AutoCloseable {
    private static final String STATE = "comfy-state";
    private static final String API = "comfy-api";
    private static final String CODE = "comfy-code";
    private static final String STAGE = "ws";
    private static final StaticCredentialsProvider ANYONE =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

    private final URI endpoint;
    private final CloudFormationClient cloud;
    private final S3Client objects;

    public Deployment(URI endpoint) {
        this.endpoint = endpoint;
        this.cloud =
                CloudFormationClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(ANYONE)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        this.objects =
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(ANYONE)
                        .forcePathStyle(true)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    /// Deploys everything but the runner.
    ///
    /// @param says what is being done, a sentence each
    public Deployed deploy(DeploySettings settings, Consumer<String> says) throws IOException {
        if (settings.emulator() == Emulator.LOCALSTACK) {
            Edition.requireWhole(endpoint);
        }
        says.accept("The State stack: table, buckets, queues");
        AwsSettings.Names names = state(STATE, settings.template(STATE));
        says.accept("The functions' code");
        Path zip =
                settings.emulator().bringsJava()
                        ? settings.functions()
                        : OwnRuntime.addedTo(settings.functions(), settings.folder());
        String key = upload(zip);
        says.accept(
                "The API stack: functions, HTTP API, WebSocket API, the table's stream, the queue of webhooks");
        Map<String, String> api =
                new Stacks(cloud)
                        .deploy(
                                API,
                                LocalTemplate.of(read(settings.template(API)), settings),
                                Map.of("FunctionsBucket", CODE, "FunctionsKey", key));
        String http = id(api, "HttpUrl");
        String sockets = id(api, "SocketUrl");
        Emulator emulator = settings.emulator();
        return new Deployed(
                names,
                endpoint,
                emulator.http(endpoint, http),
                emulator.sockets(endpoint, sockets, STAGE),
                emulator.connections(endpoint, sockets, STAGE));
    }

    /// The State stack alone.
    ///
    /// @return the names that it gave
    public AwsSettings.Names state(String stack, Path template) throws IOException {
        Map<String, String> outputs = new Stacks(cloud).deploy(stack, read(template), Map.of());
        return new AwsSettings.Names(
                value(outputs, "TableName"),
                value(outputs, "FilesBucketName"),
                value(outputs, "ModelsBucketName"),
                queue(outputs, "TicketsUrl"),
                new AwsSettings.Webhooks(
                        queue(outputs, "WebhooksUrl"), queue(outputs, "DeadWebhooksUrl")));
    }

    /// Its own host name would need a resolver that knows it.
    private String queue(Map<String, String> outputs, String name) {
        return endpoint + URI.create(value(outputs, name)).getPath();
    }

    /// Named by what it holds, so that CloudFormation sees when it is another.
    private String upload(Path zip) throws IOException {
        String key = digest(Files.readAllBytes(zip)) + ".zip";
        try {
            objects.createBucket(create -> create.bucket(CODE));
        } catch (BucketAlreadyOwnedByYouException e) {
            // from the last deployment
        }
        objects.putObject(put -> put.bucket(CODE).key(key), zip);
        return key;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static ObjectNode read(Path template) throws IOException {
        if (!Files.exists(template)) {
            throw new IllegalStateException(
                    "no "
                            + template
                            + ": Node.js 22 must be on the path while infrastructure is built");
        }
        return Json.mapper().readValue(template.toFile(), ObjectNode.class);
    }

    /// `https://ID.execute-api…`
    private static String id(Map<String, String> outputs, String name) {
        String host = URI.create(value(outputs, name)).getHost();
        return host.substring(0, host.indexOf('.'));
    }

    private static String value(Map<String, String> outputs, String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new IllegalStateException("the stack has no output " + name + ": " + outputs);
        }
        return value;
    }

    @Override
    public void close() {
        cloud.close();
        objects.close();
    }
}
