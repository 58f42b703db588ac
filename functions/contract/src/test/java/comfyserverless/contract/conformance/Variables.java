package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The variables of one run of a case: `${run}` (8 hex digits), `${uuid:NAME}` (made at first use), and what steps saved.
public final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
    private static final int RUN_LENGTH = 8;

    private final Map<String, JsonNode> values = new HashMap<>();
    private final Supplier<String> ids;

    /// Variables of a new run.
    ///
    /// @param ids makes UUIDs
    public Variables(Supplier<String> ids) {
        this.ids = ids;
        set("run", TextNode.valueOf(ids.get().replace("-", "").substring(0, RUN_LENGTH)));
    }

    public void set(String name, JsonNode value) {
        values.put(name, value);
    }

    /// A variable's value.
    ///
    /// @throws IllegalArgumentException if no step has set it
    public JsonNode get(String name) {
        JsonNode value = values.get(name);
        if (value == null && name.startsWith("uuid:")) {
            value = TextNode.valueOf(ids.get());
            values.put(name, value);
        }
        if (value == null) {
            throw new IllegalArgumentException("no step has set ${" + name + "}");
        }
        return value;
    }

    /// The JSON with its variables filled in; a text that is one variable takes the value's kind.
    public JsonNode fill(JsonNode json) {
        return switch (json) {
            case TextNode text -> fillText(text.textValue());
            case ArrayNode array -> {
                ArrayNode filled = Json.mapper().createArrayNode();
                array.forEach(item -> filled.add(fill(item)));
                yield filled;
            }
            case ObjectNode object -> {
                ObjectNode filled = Json.object();
                object.properties().forEach(e -> filled.set(fill(e.getKey()), fill(e.getValue())));
                yield filled;
            }
            default -> json;
        };
    }

    private JsonNode fillText(String text) {
        Matcher whole = VARIABLE.matcher(text);
        return whole.matches() ? get(whole.group(1)) : TextNode.valueOf(fill(text));
    }

    /// The text with its variables filled in.
    public String fill(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(get(found.group(1)).asText()));
    }
}
