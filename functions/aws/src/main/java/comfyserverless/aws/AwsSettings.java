package comfyserverless.aws;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the services are and what the state is called there; read once at the start.
///
/// @param region default `us-east-1`
/// @param endpoints other than AWS's own
/// @param names of table, buckets and queue
/// @param access fixed credentials, or null for the SDK's chain
/// @param binaryPosts whether the gateway's sockets take binary messages (API Gateway's do not)
public record AwsSettings(
        String region,
        Endpoints endpoints,
        Names names,
        @Nullable Access access,
        boolean binaryPosts) {

    /// Each null where AWS's own is meant; `management` is the address of `@connections`.
    public record Endpoints(
            @Nullable URI dynamo, @Nullable URI s3, @Nullable URI sqs, @Nullable URI management) {}

    /// What the state is called.
    ///
    /// @param webhooks null where none are called
    public record Names(
            String table,
            String filesBucket,
            String modelsBucket,
            String queueUrl,
            @Nullable Webhooks webhooks) {
        /// Without webhooks.
        public Names(String table, String filesBucket, String modelsBucket, String queueUrl) {
            this(table, filesBucket, modelsBucket, queueUrl, null);
        }

        /// From the environment that the CDK app gives to functions and runner.
        public static Names of(Map<String, String> environment) {
            return new Names(
                    required(environment, "COMFY_TABLE"),
                    required(environment, "COMFY_FILES_BUCKET"),
                    required(environment, "COMFY_MODELS_BUCKET"),
                    required(environment, "COMFY_QUEUE_URL"),
                    environment.containsKey(WEBHOOK_QUEUE)
                            ? new Webhooks(
                                    required(environment, WEBHOOK_QUEUE),
                                    required(environment, DEAD_WEBHOOK_QUEUE))
                            : null);
        }

        String queueName() {
            return AwsSettings.queueName(queueUrl);
        }

        /// Where an emulator keeps the tickets that nobody could use.
        String deadQueueName() {
            return queueName() + "-dead";
        }

        String deadQueueUrl() {
            return queueUrl + "-dead";
        }
    }

    /// The queue of calls to webhooks, and of those that were given up.
    public record Webhooks(String queueUrl, String deadQueueUrl) {
        /// Those that an emulator has, beside the queue of tickets.
        public static Webhooks beside(String ticketsUrl) {
            String beginning = ticketsUrl.substring(0, ticketsUrl.lastIndexOf('/') + 1);
            return new Webhooks(beginning + "webhooks", beginning + "webhooks-dead");
        }
    }

    static String queueName(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    public record Access(String id, String secret) {
        @Override
        public String toString() {
            return "Access[" + id + "]";
        }
    }

    private static final String WEBHOOK_QUEUE = "COMFY_WEBHOOK_QUEUE_URL";
    private static final String DEAD_WEBHOOK_QUEUE = "COMFY_WEBHOOK_DEAD_QUEUE_URL";

    /// How long a connect may take.
    static final Duration CONNECT = Duration.ofSeconds(3);

    /// How long an answer may take; a long poll takes 20 s.
    static final Duration ANSWER = Duration.ofSeconds(40);

    /// From the environment that the CDK app gives to functions and runner.
    public static AwsSettings of(Map<String, String> environment) {
        return new AwsSettings(
                environment.getOrDefault("AWS_REGION", "us-east-1"),
                new Endpoints(
                        uri(environment, "AWS_ENDPOINT_URL_DYNAMODB"),
                        uri(environment, "AWS_ENDPOINT_URL_S3"),
                        uri(environment, "AWS_ENDPOINT_URL_SQS"),
                        environment.containsKey("COMFY_CONNECTIONS_ENDPOINT")
                                ? URI.create(required(environment, "COMFY_CONNECTIONS_ENDPOINT"))
                                : null),
                Names.of(environment),
                null,
                false);
    }

    private static @Nullable URI uri(Map<String, String> environment, String name) {
        for (String variable : List.of(name, "AWS_ENDPOINT_URL")) {
            if (environment.containsKey(variable)) {
                return URI.create(required(environment, variable));
            }
        }
        return null;
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the environment has no " + name);
        }
        return value;
    }
}
