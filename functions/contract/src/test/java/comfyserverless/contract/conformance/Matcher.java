package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// The objects of one key that stand for more than one value: `{"<superset>": {…}}`.
enum Matcher {
    SUPERSET,
    CONTAINS,
    UNORDERED,
    EACH,
    ONEOF,
    PY,
    LINES,
    LEN,
    KEYS,
    JSONSTR,
    APPROX,
    LITERAL,
    NOT,
    REPEAT;

    private final String key = "<" + name().toLowerCase(java.util.Locale.ROOT) + ">";

    /// A matcher with what it holds.
    record Use(Matcher matcher, JsonNode value) {}

    /// The matcher that a recorded value is, if it is one.
    static Optional<Use> in(JsonNode recorded) {
        if (!(recorded instanceof ObjectNode object) || object.size() != 1) {
            return Optional.empty();
        }
        Map.Entry<String, JsonNode> only = object.properties().iterator().next();
        return Arrays.stream(values())
                .filter(m -> m.key.equals(only.getKey()))
                .findFirst()
                .map(m -> new Use(m, only.getValue()));
    }

    /// The key that marks it: `<superset>`.
    String key() {
        return key;
    }
}
