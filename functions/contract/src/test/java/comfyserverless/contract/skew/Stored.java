package comfyserverless.contract.skew;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.table.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Stored values as a [Snapshot] shows them, and what one of them lacks of another.
final class Stored {
    static final String TEXT = "S";
    static final String NUMBER = "N";
    static final String ZIPPED = "Z";
    private static final String BYTES = "B";

    /// A fresh id, with the digest before it that names of bodies have.
    private static final Pattern FRESH = Pattern.compile("([0-9a-f]{16}-)?id-\\d+");

    private Stored() {}

    static JsonNode of(Value value) {
        ObjectNode stored = Json.object();
        switch (value) {
            case Value.Text text -> stored.put(TEXT, text.text());
            case Value.Whole whole -> stored.put(NUMBER, whole.number());
            case Value.Bytes bytes -> {
                try (GZIPInputStream json =
                        new GZIPInputStream(new ByteArrayInputStream(bytes.content()))) {
                    stored.set(ZIPPED, Json.readStored(json.readAllBytes()));
                } catch (IOException | MalformedJson e) {
                    // no gzipped JSON
                    stored.put(BYTES, bytes.content());
                }
            }
        }
        return stored;
    }

    static Value value(JsonNode stored) {
        try {
            if (stored.has(TEXT)) {
                return Value.of(stored.path(TEXT).asText());
            }
            if (stored.has(NUMBER)) {
                return Value.of(stored.path(NUMBER).asLong());
            }
            return Value.of(
                    stored.has(ZIPPED)
                            ? gzip(stored.path(ZIPPED))
                            : stored.path(BYTES).binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(JsonNode json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
            zipped.write(Json.writeBytes(json));
        }
        return bytes.toByteArray();
    }

    /// With fresh ids made equal.
    static String plain(String text) {
        return FRESH.matcher(text).replaceAll("id");
    }

    static <V> Map<String, List<V>> byName(Map<String, V> named) {
        Map<String, List<V>> byName = new TreeMap<>();
        named.forEach((name, value) ->
                byName.computeIfAbsent(plain(name), n -> new ArrayList<>()).add(value));
        return byName;
    }

    /// Of what each candidate lacks, the least.
    static List<String> least(String name, List<List<String>> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(List::size))
                .orElse(List.of(name + " is not written any more"));
    }

    static List<String> lacking(
            String name, Map<String, JsonNode> values, Map<String, JsonNode> found) {
        List<String> lacking = new ArrayList<>();
        values.forEach((attribute, value) -> {
            String place = name + ": " + attribute;
            JsonNode other = found.get(attribute);
            if (other == null) {
                lacking.add(place + " is not written any more");
            } else {
                lacking.addAll(lacking(place, value, other));
            }
        });
        return lacking;
    }

    /// What a JSON value lacks of another: members of objects must all be there, all else must be equal.
    static List<String> lacking(String place, JsonNode wanted, JsonNode found) {
        List<String> lacking = new ArrayList<>();
        if (wanted.isObject() && found.isObject()) {
            wanted.properties()
                    .forEach(member ->
                            lacking.addAll(
                                    lacking(
                                            place + "." + member.getKey(),
                                            member.getValue(),
                                            found.path(member.getKey()))));
        } else if (wanted.isArray() && found.isArray() && wanted.size() == found.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                lacking.addAll(lacking(place + "[" + i + "]", wanted.get(i), found.get(i)));
            }
        } else if (isJson(wanted) && isJson(found)) {
            lacking.addAll(lacking(place, Json.read(wanted.asText()), Json.read(found.asText())));
        } else if (!plain(wanted.toString()).equals(plain(found.toString()))) {
            lacking.add(
                    place
                            + " was "
                            + wanted
                            + " and is "
                            + (found.isMissingNode() ? "not written any more" : found));
        }
        return lacking;
    }

    /// Whether a text holds a JSON object or array.
    static boolean isJson(JsonNode text) {
        if (!text.isTextual() || !text.asText().matches("(?s)[\\[{].*[\\]}]")) {
            return false;
        }
        try {
            return Json.read(text.asText()).isContainerNode();
        } catch (MalformedJson e) {
            return false;
        }
    }
}
