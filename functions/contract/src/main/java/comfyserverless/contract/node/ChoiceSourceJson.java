package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import java.util.ArrayList;
import java.util.List;

/// Choice sources as they stand in a catalogue: a list of parts, each fixed values, a model folder or
/// the input folder.
final class ChoiceSourceJson {
    private ChoiceSourceJson() {}

    /// Whether the choices change without the definition changing.
    static boolean follows(ChoiceSource source) {
        return switch (source) {
            case ChoiceSource.Fixed ignored -> false;
            case ChoiceSource.ModelFolder ignored -> true;
            case ChoiceSource.InputFolder ignored -> true;
            case ChoiceSource.WhenThere ignored -> true;
            case ChoiceSource.Joined joined ->
                    joined.parts().stream().anyMatch(ChoiceSourceJson::follows);
        };
    }

    static JsonNode write(ChoiceSource source) {
        return switch (source) {
            case ChoiceSource.Fixed fixed -> {
                var json = Json.object();
                json.putArray("fixed").addAll(fixed.choices());
                yield json;
            }
            case ChoiceSource.ModelFolder folder -> Json.object().put("models", folder.folder());
            case ChoiceSource.WhenThere one -> {
                var json = Json.object().put("choice", one.choice()).put("folder", one.folder());
                ArrayNode beginnings = json.putArray("beginnings");
                one.beginnings().forEach(beginnings::add);
                yield json;
            }
            case ChoiceSource.InputFolder folder -> {
                var json = Json.object();
                ArrayNode kinds = json.putArray("inputs");
                folder.kinds().forEach(kinds::add);
                yield json;
            }
            case ChoiceSource.Joined joined -> {
                ArrayNode parts = Json.mapper().createArrayNode();
                joined.parts().forEach(p -> parts.add(write(p)));
                yield parts;
            }
        };
    }

    static ChoiceSource read(JsonNode json) {
        if (json.isArray()) {
            List<ChoiceSource> parts = new ArrayList<>();
            json.forEach(p -> parts.add(read(p)));
            return new ChoiceSource.Joined(parts);
        }
        if (json.has("models")) {
            return new ChoiceSource.ModelFolder(json.path("models").asText());
        }
        if (json.has("choice")) {
            List<String> beginnings = new ArrayList<>();
            json.path("beginnings").forEach(b -> beginnings.add(b.asText()));
            return new ChoiceSource.WhenThere(
                    json.path("choice").asText(), json.path("folder").asText(), beginnings);
        }
        if (json.has("inputs")) {
            List<String> kinds = new ArrayList<>();
            json.path("inputs").forEach(k -> kinds.add(k.asText()));
            return new ChoiceSource.InputFolder(kinds);
        }
        return ChoiceSource.Fixed.of(json.path("fixed"));
    }
}
