package comfyserverless.localstack.stack;

import comfyserverless.aws.AwsSettings;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stores of a LocalStack, or of whatever else answers as AWS at one address. The environment may name
/// table, buckets and queue that are there already, by the variables that functions and runners read
/// (COMFY_TABLE, COMFY_FILES_BUCKET, COMFY_MODELS_BUCKET, COMFY_QUEUE_URL); otherwise they are made.
final class EndpointStores implements Stores {
    private static final String TABLE = "COMFY_TABLE";

    private final URI endpoint;
    private final Map<String, String> environment;

    EndpointStores(URI endpoint, Map<String, String> environment) {
        String address = endpoint.toString();
        this.endpoint =
                address.endsWith("/")
                        ? URI.create(address.substring(0, address.length() - 1))
                        : endpoint;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public AwsSettings settings(@Nullable URI management, boolean binaryPosts) {
        return new AwsSettings(
                environment.getOrDefault("AWS_REGION", "us-east-1"),
                new AwsSettings.Endpoints(endpoint, endpoint, endpoint, management),
                mustBeMade() ? standardNames() : AwsSettings.Names.of(environment),
                access(),
                binaryPosts);
    }

    private AwsSettings.Names standardNames() {
        return OwnStores.names(endpoint + "/000000000000/" + OwnStores.QUEUE);
    }

    /// LocalStack takes any credentials; those of the environment go first.
    private AwsSettings.@Nullable Access access() {
        return environment.containsKey("AWS_ACCESS_KEY_ID")
                ? null
                : new AwsSettings.Access("test", "test");
    }

    @Override
    public URI objects() {
        return endpoint;
    }

    @Override
    public boolean mustBeMade() {
        return !environment.containsKey(TABLE);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    /// A wait for a ticket ends by itself within 20 s.
    @Override
    public void drain() {}

    @Override
    public void close() {}
}
