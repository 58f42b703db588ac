package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.Map;
import java.util.Set;

/// Writes a definition as /object_info shows it (node_info in server.py, ComfyUI 0.3.64).
public final class NodeInfo {
    private NodeInfo() {}

    /// Writes one node.
    ///
    /// @param lists what the choices that follow a folder are at this moment
    public static ObjectNode write(NodeDefinition node, FolderLists lists) {
        ObjectNode json = Json.object();
        ObjectNode input = json.putObject("input");
        ObjectNode order = json.putObject("input_order");
        boolean newer = node.is(Trait.NEWER_STYLE);
        // ComfyUI shows the section when it is declared, which all but a few nodes do.
        section(input, order, "required", node.required(), newer, lists);
        if (!node.optional().isEmpty()) {
            section(input, order, "optional", node.optional(), newer, lists);
        }
        if (!node.hidden().isEmpty()) {
            hidden(input.putObject("hidden"), node.hidden());
            names(order.putArray("hidden"), node.hidden().keySet());
        }
        outputs(json, node);
        json.put("name", node.className());
        json.put("display_name", node.presentation().displayName());
        json.put("description", node.presentation().description());
        json.put("python_module", node.presentation().module());
        json.put("category", node.presentation().category());
        json.put("output_node", node.is(Trait.OUTPUT_NODE));
        if (node.outputs().stream().anyMatch(o -> o.tooltip() != null)) {
            ArrayNode tooltips = json.putArray("output_tooltips");
            node.outputs().forEach(o -> tooltips.add(o.tooltip()));
        }
        trait(json, "deprecated", node, Trait.DEPRECATED);
        trait(json, "experimental", node, Trait.EXPERIMENTAL);
        trait(json, "api_node", node, Trait.API_NODE);
        return json;
    }

    /// One input as `[type, options]`; a choice as `[[…], options]` or, in the newer style, as
    /// `["COMBO", {"options": […]}]`.
    public static ArrayNode config(InputSpec spec, boolean newerStyle, FolderLists lists) {
        ArrayNode config = Json.mapper().createArrayNode();
        ObjectNode options = spec.options().json();
        if (spec instanceof InputSpec.Choice choice) {
            ArrayNode values = Json.mapper().createArrayNode();
            choice.source().values(lists).forEach(values::add);
            if (choice.named()) {
                if (newerStyle && !options.has("multiselect")) {
                    options.put("multiselect", false);
                }
                if (!options.has("remote")) {
                    options.set("options", values);
                }
                return config.add(spec.type()).add(options);
            }
            config.add(values);
        } else {
            config.add(spec.type());
        }
        if (spec.options().shown() || newerStyle) {
            config.add(options);
        }
        return config;
    }

    private static void section(
            ObjectNode input,
            ObjectNode order,
            String name,
            Map<String, InputSpec> specs,
            boolean newer,
            FolderLists lists) {
        ObjectNode object = input.putObject(name);
        specs.forEach((input1, spec) -> object.set(input1, config(spec, newer, lists)));
        names(order.putArray(name), specs.keySet());
    }

    private static void hidden(ObjectNode object, Map<String, Hidden> hidden) {
        hidden.forEach((name, spec) -> {
            if (spec.wrapped()) {
                object.putArray(name).add(spec.type());
            } else {
                object.put(name, spec.type());
            }
        });
    }

    private static void outputs(ObjectNode json, NodeDefinition node) {
        ArrayNode types = json.putArray("output");
        ArrayNode lists = json.putArray("output_is_list");
        ArrayNode names = json.putArray("output_name");
        for (Output output : node.outputs()) {
            types.add(output.type());
            lists.add(output.list());
            names.add(output.name());
        }
    }

    private static void trait(ObjectNode json, String name, NodeDefinition node, Trait trait) {
        if (node.is(trait) || node.is(Trait.NEWER_STYLE)) {
            json.put(name, node.is(trait));
        }
    }

    private static void names(ArrayNode array, Set<String> names) {
        names.forEach(array::add);
    }
}
