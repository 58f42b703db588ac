package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.MalformedJson;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads definitions back from what [NodeInfo] writes (or ComfyUI's own /object_info). Choices that
/// follow a folder are told by the `sources` of a catalogue entry ([Catalogue]).
final class NodeInfoReader {
    private final ObjectNode json;
    private final JsonNode sources;
    private final boolean newer;

    /// A reader of one entry.
    ///
    /// @param sources input name → where its choices come from, for those that are not fixed
    NodeInfoReader(ObjectNode json, JsonNode sources) {
        this.json = json;
        this.sources = sources;
        this.newer = json.has("deprecated") && json.has("experimental") && json.has("api_node");
    }

    /// The definition.
    ///
    /// @throws MalformedJson if the entry is none
    NodeDefinition read(Set<Trait> unseen) {
        JsonNode input = json.path("input");
        return new NodeDefinition(
                text("name"),
                new NodeDefinition.Presentation(
                        json.path("display_name").textValue(),
                        text("category"),
                        text("description"),
                        text("python_module")),
                specs(input.path("required")),
                specs(input.path("optional")),
                hidden(input.path("hidden")),
                outputs(),
                traits(unseen));
    }

    private Map<String, InputSpec> specs(JsonNode section) {
        Map<String, InputSpec> specs = new LinkedHashMap<>();
        section.properties().forEach(e -> specs.put(e.getKey(), spec(e.getKey(), e.getValue())));
        return specs;
    }

    private InputSpec spec(String name, JsonNode config) {
        InputOptions options =
                config.get(1) instanceof ObjectNode object
                        ? InputOptions.of(object)
                        : InputOptions.NONE;
        JsonNode type = config.path(0);
        if (type.isArray()) {
            return new InputSpec.Choice(source(name, type), options, false);
        }
        return switch (type.asText()) {
            case "INT" -> new InputSpec.Int(options);
            case "FLOAT" -> new InputSpec.Decimal(options);
            case "STRING" -> new InputSpec.Text(options);
            case "BOOLEAN" -> new InputSpec.Flag(options);
            case "COMBO" -> {
                JsonNode choices = options.json().path("options");
                yield new InputSpec.Choice(source(name, choices), options.without("options"), true);
            }
            default -> new InputSpec.Linked(type.asText(), options);
        };
    }

    private ChoiceSource source(String name, JsonNode choices) {
        JsonNode source = sources.get(name);
        return source == null ? ChoiceSource.Fixed.of(choices) : ChoiceSourceJson.read(source);
    }

    private static Map<String, Hidden> hidden(JsonNode section) {
        Map<String, Hidden> hidden = new LinkedHashMap<>();
        section.properties()
                .forEach(e -> {
                    boolean wrapped = e.getValue().isArray();
                    JsonNode type = wrapped ? e.getValue().path(0) : e.getValue();
                    hidden.put(e.getKey(), new Hidden(type.asText(), wrapped));
                });
        return hidden;
    }

    private java.util.List<Output> outputs() {
        java.util.List<Output> outputs = new java.util.ArrayList<>();
        JsonNode types = json.path("output");
        for (int i = 0; i < types.size(); i++) {
            String type = types.path(i).asText();
            JsonNode tooltip = json.path("output_tooltips").path(i);
            @Nullable String shown = tooltip.isTextual() ? tooltip.textValue() : null;
            outputs.add(
                    new Output(
                            type,
                            json.path("output_name").path(i).asText(type),
                            json.path("output_is_list").path(i).asBoolean(),
                            shown));
        }
        return outputs;
    }

    private Set<Trait> traits(Set<Trait> unseen) {
        EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        traits.addAll(unseen);
        add(traits, "output_node", Trait.OUTPUT_NODE);
        add(traits, "deprecated", Trait.DEPRECATED);
        add(traits, "experimental", Trait.EXPERIMENTAL);
        add(traits, "api_node", Trait.API_NODE);
        if (newer) {
            traits.add(Trait.NEWER_STYLE);
        }
        return traits;
    }

    private void add(EnumSet<Trait> traits, String key, Trait trait) {
        if (json.path(key).asBoolean()) {
            traits.add(trait);
        }
    }

    private String text(String key) {
        return json.path(key).asText("");
    }
}
