package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A queue's attributes as clients set them; what they did not set has SQS's default.
record QueueAttributes(Map<String, String> set) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "VisibilityTimeout", "30",
                    "DelaySeconds", "0",
                    "ReceiveMessageWaitTimeSeconds", "0",
                    "MessageRetentionPeriod", "345600",
                    "MaximumMessageSize", "1048576");

    QueueAttributes {
        set = Map.copyOf(set);
    }

    static QueueAttributes read(JsonNode node) {
        Map<String, String> set = new TreeMap<>();
        node.properties().forEach(e -> set.put(e.getKey(), e.getValue().asText()));
        return new QueueAttributes(set);
    }

    QueueAttributes with(QueueAttributes more) {
        Map<String, String> merged = new TreeMap<>(set);
        merged.putAll(more.set);
        return new QueueAttributes(merged);
    }

    Map<String, String> all() {
        Map<String, String> merged = new TreeMap<>(DEFAULTS);
        merged.putAll(set);
        return merged;
    }

    Duration visibilityTimeout() {
        return seconds("VisibilityTimeout");
    }

    Duration delay() {
        return seconds("DelaySeconds");
    }

    Duration receiveWait() {
        return seconds("ReceiveMessageWaitTimeSeconds");
    }

    Duration retention() {
        return seconds("MessageRetentionPeriod");
    }

    int maxMessageBytes() {
        return Integer.parseInt(all().getOrDefault("MaximumMessageSize", "0"));
    }

    private Duration seconds(String name) {
        return Duration.ofSeconds(Long.parseLong(all().getOrDefault(name, "0")));
    }

    /// Where messages go that were received too often.
    record Redrive(String queue, int maxReceives) {}

    @Nullable Redrive redrive() {
        String policy = set.get("RedrivePolicy");
        if (policy == null || policy.isEmpty()) {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(policy);
            String arn = node.path("deadLetterTargetArn").asText();
            return new Redrive(
                    arn.substring(arn.lastIndexOf(':') + 1), node.path("maxReceiveCount").asInt());
        } catch (IOException e) {
            throw new ServiceException(
                    400, "InvalidAttributeValue", "RedrivePolicy is no JSON: " + policy);
        }
    }

    ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        set.forEach(node::put);
        return node;
    }
}
