package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// A message of a queue. Times are epoch milliseconds; `sequence` is its place in the queue, `receipt` the handle of its
/// last delivery, and `firstReceived` is 0 until there was one.
record Message(
        long sequence,
        String id,
        String body,
        JsonNode attributes,
        long sent,
        long visibleAt,
        int receives,
        long firstReceived,
        @Nullable String receipt) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Message delivered(String newReceipt, long now, long nowVisibleAt) {
        long first = firstReceived == 0 ? now : firstReceived;
        return new Message(
                sequence,
                id,
                body,
                attributes,
                sent,
                nowVisibleAt,
                receives + 1,
                first,
                newReceipt);
    }

    Message visibleAgainAt(long time) {
        return new Message(
                sequence, id, body, attributes, sent, time, receives, firstReceived, receipt);
    }

    /// The message as it begins anew in another queue.
    Message movedTo(long newSequence, long now) {
        return new Message(
                newSequence, id, body, attributes, sent, now, receives, firstReceived, null);
    }

    byte[] encoded() {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", id).put("body", body).put("sent", sent).put("visibleAt", visibleAt);
        node.put("receives", receives).put("firstReceived", firstReceived).put("receipt", receipt);
        node.set("attributes", attributes);
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message decoded(long sequence, byte[] stored) {
        try {
            JsonNode node = JSON.readTree(stored);
            JsonNode receipt = node.path("receipt");
            return new Message(
                    sequence,
                    node.path("id").asText(),
                    node.path("body").asText(),
                    node.path("attributes"),
                    node.path("sent").asLong(),
                    node.path("visibleAt").asLong(),
                    node.path("receives").asInt(),
                    node.path("firstReceived").asLong(),
                    receipt.isTextual() ? receipt.asText() : null);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored message cannot be read", e);
        }
    }
}
