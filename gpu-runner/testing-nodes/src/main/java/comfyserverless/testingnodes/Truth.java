package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;

/// Whether a value counts as true, as Python's `bool` has it; a tensor does unless it is all zero.
final class Truth {
    private Truth() {}

    static boolean of(Value value) {
        return switch (value) {
            case Image image -> !Tensor.of(image).isAll(0);
            case Mask mask -> !Tensor.of(mask).isAll(0);
            case Value.Json json -> of(json.node());
            case Value.Many many -> !many.items().isEmpty();
            case Value.Fields fields -> !fields.fields().isEmpty();
            case Latent _, Audio _, Video _, Value.Handle _, Value.Blocker _ -> true;
        };
    }

    static boolean of(JsonNode node) {
        return switch (node.getNodeType()) {
            case NUMBER -> node.doubleValue() != 0;
            case BOOLEAN -> node.booleanValue();
            case STRING -> !node.textValue().isEmpty();
            case ARRAY, OBJECT -> !node.isEmpty();
            case NULL, MISSING -> false;
            case BINARY, POJO -> true;
        };
    }
}
