package comfyserverless.localstack.deploy;

import comfyserverless.aws.AwsSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A deployment on an emulator.
///
/// @param endpoint the emulator's
/// @param http where clients call routes, without a slash at the end
/// @param sockets where clients open `/ws`
/// @param connections where runners post messages
public record Deployed(
        AwsSettings.Names names, URI endpoint, URI http, URI sockets, URI connections) {
    /// The options by which `comfy-admin` finds it.
    public List<String> administered() {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("--endpoint", endpoint.toString(), "--table", names.table()));
        options.addAll(List.of("--files-bucket", names.filesBucket()));
        options.addAll(List.of("--models-bucket", names.modelsBucket()));
        AwsSettings.Webhooks webhooks = names.webhooks();
        if (webhooks != null) {
            options.addAll(List.of("--webhook-queue", webhooks.queueUrl()));
            options.addAll(List.of("--webhook-dead-queue", webhooks.deadQueueUrl()));
        }
        return options;
    }

    /// What a runner needs to know, as environment variables in the order of their names.
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_ENDPOINT_URL", endpoint.toString());
        environment.put("COMFY_TABLE", names.table());
        environment.put("COMFY_FILES_BUCKET", names.filesBucket());
        environment.put("COMFY_MODELS_BUCKET", names.modelsBucket());
        environment.put("COMFY_QUEUE_URL", names.queueUrl());
        environment.put("COMFY_CONNECTIONS_ENDPOINT", connections.toString());
        return environment;
    }
}
