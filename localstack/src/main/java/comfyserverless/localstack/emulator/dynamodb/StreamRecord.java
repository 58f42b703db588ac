package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One change in a table's stream (NEW_AND_OLD_IMAGES); sequence numbers rise in the order of the changes.
public record StreamRecord(
        String table,
        long sequence,
        Instant time,
        Map<String, Value> keys,
        @Nullable Map<String, Value> oldImage,
        @Nullable Map<String, Value> newImage,
        boolean expired) {

    /// INSERT, MODIFY or REMOVE.
    public String eventName() {
        if (oldImage == null) {
            return "INSERT";
        }
        return newImage == null ? "REMOVE" : "MODIFY";
    }

    /// The record as it lies in the `Records` of the event that Lambda hands to a function.
    public ObjectNode toLambdaRecord() {
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("eventID", "%032x".formatted(sequence));
        record.put("eventName", eventName());
        record.put("eventVersion", "1.1");
        record.put("eventSource", "aws:dynamodb");
        record.put("awsRegion", Arns.REGION);
        ObjectNode dynamodb = record.putObject("dynamodb");
        dynamodb.put("ApproximateCreationDateTime", time.getEpochSecond());
        dynamodb.set("Keys", ValueJson.writeItem(keys));
        if (newImage != null) {
            dynamodb.set("NewImage", ValueJson.writeItem(newImage));
        }
        if (oldImage != null) {
            dynamodb.set("OldImage", ValueJson.writeItem(oldImage));
        }
        dynamodb.put("SequenceNumber", Long.toString(sequence));
        dynamodb.put("StreamViewType", "NEW_AND_OLD_IMAGES");
        record.put("eventSourceARN", Arns.stream(table));
        if (expired) {
            record.putObject("userIdentity")
                    .put("type", "Service")
                    .put("principalId", "dynamodb.amazonaws.com");
        }
        return record;
    }
}
