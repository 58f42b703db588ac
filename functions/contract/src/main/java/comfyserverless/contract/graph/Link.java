package comfyserverless.contract.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// An input that takes an output of another node: `["4", 0]` in a prompt.
///
/// @param slot which output; a negative one counts from the end, as in Python
public record Link(String nodeId, int slot) {
    /// The link that a value is, if it is one: a list of a text and a number (is_link, ComfyUI 0.3.64).
    public static Optional<Link> of(JsonNode value) {
        if (value.isArray()
                && value.size() == 2
                && value.get(0).isTextual()
                && (value.get(1).isNumber() || value.get(1).isBoolean())) {
            return Optional.of(new Link(value.get(0).textValue(), value.get(1).asInt()));
        }
        return Optional.empty();
    }

    /// The index of the output among `count`.
    ///
    /// @throws IndexOutOfBoundsException if there is no such output
    public int index(int count) {
        int index = slot < 0 ? slot + count : slot;
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(
                    "node " + nodeId + " has " + count + " outputs, none is number " + slot);
        }
        return index;
    }
}
