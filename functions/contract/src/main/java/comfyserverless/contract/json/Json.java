package comfyserverless.contract.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The one JSON mapper: what Python's json module takes, within limits (limits-and-security).
///
/// Whole numbers keep every digit, fractions are doubles, `NaN` and `Infinity` are read, the last of
/// equal keys wins, keys stay in order. Deeper than 64 levels or text over 4 MB is refused.
public final class Json {
    /// The deepest nesting that is read.
    public static final int DEEPEST = 64;

    /// The longest text (of a body and of a value), in bytes or characters.
    public static final int LONGEST = 4 << 20;

    private static final JsonMapper MAPPER = mapper(DEEPEST, LONGEST);

    /// For what the service wrote itself (history, catalogues): only the size differs.
    private static final JsonMapper TRUSTED = mapper(1000, Integer.MAX_VALUE);

    private Json() {}

    /// The mapper for what clients send and for all that is written.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// Reads a client's JSON.
    ///
    /// @throws MalformedJson if it is none, or beyond the limits
    public static JsonNode read(byte[] utf8) {
        if (utf8.length > LONGEST) {
            throw new MalformedJson(
                    "the body has " + utf8.length + " bytes, the limit is " + LONGEST);
        }
        return read(MAPPER, utf8);
    }

    /// Reads a client's JSON.
    ///
    /// @throws MalformedJson if it is none, or beyond the limits
    public static JsonNode read(String text) {
        return read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// Reads JSON that this service stored; no limit on its size.
    ///
    /// @throws MalformedJson if it is none
    public static JsonNode readStored(byte[] utf8) {
        return read(TRUSTED, utf8);
    }

    /// Compact JSON text.
    public static String write(JsonNode value) {
        try {
            return TRUSTED.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Compact JSON, UTF-8.
    public static byte[] writeBytes(JsonNode value) {
        try {
            return TRUSTED.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(JsonMapper mapper, byte[] utf8) {
        try {
            JsonNode node = mapper.readTree(utf8);
            if (node.isMissingNode()) {
                throw new MalformedJson("the text is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new MalformedJson(reason(e), e);
        } catch (IOException e) {
            throw new MalformedJson("the text is not UTF-8", e);
        }
    }

    private static String reason(JsonProcessingException e) {
        var at = e.getLocation();
        String where =
                at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return e.getOriginalMessage() + where;
    }

    private static JsonMapper mapper(int depth, int length) {
        JsonFactory factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(depth)
                                        .maxStringLength(length)
                                        .maxNumberLength(4300)
                                        .build())
                        .streamWriteConstraints(
                                StreamWriteConstraints.builder().maxNestingDepth(1100).build())
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                        .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
