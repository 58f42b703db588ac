package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// The MD5 sums by which SQS's clients check that a message arrived whole.
final class Md5 {
    private static final byte TEXT = 1;
    private static final byte BINARY = 2;

    private Md5() {}

    static String ofBody(String body) {
        return HexFormat.of().formatHex(digest().digest(body.getBytes(StandardCharsets.UTF_8)));
    }

    /// Of each attribute in the order of names: name, type, kind of value and value, each with its length.
    static String ofAttributes(JsonNode attributes) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        attributes.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        MessageDigest digest = digest();
        sorted.forEach((name, value) -> {
            add(digest, name.getBytes(StandardCharsets.UTF_8));
            add(digest, value.path("DataType").asText().getBytes(StandardCharsets.UTF_8));
            if (value.has("BinaryValue")) {
                digest.update(BINARY);
                add(digest, Base64.getDecoder().decode(value.path("BinaryValue").asText()));
            } else {
                digest.update(TEXT);
                add(digest, value.path("StringValue").asText().getBytes(StandardCharsets.UTF_8));
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, byte[] content) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
        digest.update(content);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
