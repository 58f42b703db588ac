package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Transforms;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Compares an answer with what was recorded of the real server's.
final class ReplyCheck {
    private static final int FAULT = 500;

    private ReplyCheck() {}

    /// The first difference, or empty if the answer fits. Where the real server answered 500, a 4xx whose JSON says why
    /// in `error` fits as well.
    static Optional<String> difference(JsonNode expected, Reply reply) {
        int status = reply.status();
        if (expected.path("status").asInt() == FAULT && status >= 400 && status < FAULT) {
            boolean saysWhy = reply.json().map(j -> isTrue(j.path("error"))).orElse(false);
            return saysWhy
                    ? Optional.empty()
                    : Optional.of("instead of the recorded 500, without `error`: " + reply);
        }
        return at("status", Expected.difference(expected.path("status"), IntNode.valueOf(status)))
                .map(d -> d + " " + reply)
                .or(() -> headers(expected.path("headers"), reply))
                .or(() -> body(expected, reply));
    }

    private static boolean isTrue(JsonNode value) {
        return value.isContainerNode() ? !value.isEmpty() : !value.asText("").isEmpty();
    }

    private static Optional<String> headers(JsonNode expected, Reply reply) {
        for (Map.Entry<String, JsonNode> header : expected.properties()) {
            String name = header.getKey();
            Optional<String> value = reply.header(name).map(v -> normal(name, v));
            if (header.getValue().isNull()) {
                if (value.isPresent()) {
                    return Optional.of("header " + name + ": must be absent, is " + value.get());
                }
                continue;
            }
            JsonNode actual = value.<JsonNode>map(TextNode::valueOf).orElse(NullNode.instance);
            Optional<String> found = Expected.difference(header.getValue(), actual);
            if (found.isPresent()) {
                return at("header " + name, found);
            }
        }
        return Optional.empty();
    }

    private static String normal(String name, String value) {
        return switch (name) {
            case "content-type" ->
                    Arrays.stream(value.split(";", -1))
                            .map(part -> part.strip().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(";"));
            case "allow" ->
                    Arrays.stream(value.split(",", -1))
                            .map(String::strip)
                            .sorted()
                            .collect(Collectors.joining(","));
            default -> value;
        };
    }

    private static Optional<String> body(JsonNode expected, Reply reply) {
        if (expected.path("empty").asBoolean() && reply.body().length > 0) {
            return Optional.of("body: expected none, got " + reply);
        }
        return json(expected, reply)
                .or(() -> text(expected, "text", reply.text()))
                .or(() -> text(expected, "body_sha256", sha256(reply.body())))
                .or(() -> image(expected, reply));
    }

    private static Optional<String> json(JsonNode expected, Reply reply) {
        JsonNode wanted = expected.get("json");
        if (wanted == null) {
            return Optional.empty();
        }
        Optional<JsonNode> json = reply.json();
        if (json.isEmpty()) {
            return Optional.of("body: no JSON: " + reply);
        }
        JsonNode actual = json.get();
        for (JsonNode transform : expected.path("transform")) {
            try {
                actual = Transforms.apply(transform.asText(), actual);
            } catch (IllegalArgumentException e) {
                return Optional.of(
                        "transform " + transform.asText() + ": " + e.getMessage() + " " + reply);
            }
        }
        return at("json", Expected.difference(wanted, actual));
    }

    private static Optional<String> text(JsonNode expected, String kind, String actual) {
        JsonNode wanted = expected.get(kind);
        return wanted == null
                ? Optional.empty()
                : at(kind, Expected.difference(wanted, TextNode.valueOf(actual)));
    }

    private static Optional<String> image(JsonNode expected, Reply reply) {
        JsonNode wanted = expected.get("image");
        if (wanted == null) {
            return Optional.empty();
        }
        try {
            return at("image", Expected.difference(wanted, PictureFacts.of(reply.body())));
        } catch (IOException e) {
            return Optional.of("body: no picture: " + e.getMessage());
        }
    }

    private static Optional<String> at(String what, Optional<String> difference) {
        return difference.map(d -> what + d);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
