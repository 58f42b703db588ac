package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.NodeDefinitions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The node classes of a prompt that nobody here knows: which nodes name them, what they are, and the
/// nearest names that there are. Clients find it in the error's `extra_info` under `description`, the
/// one place there that recordings of the real server leave open.
final class UnknownClasses {
    /// Beyond this many classes only their names are listed.
    private static final int MOST_EXPLAINED = 50;

    private static final String LIST = "comfyui-classes.txt";

    private final NodeDefinitions definitions;
    private final Map<String, ObjectNode> byClass = new LinkedHashMap<>();
    private @Nullable NearNames near;

    UnknownClasses(NodeDefinitions definitions) {
        this.definitions = definitions;
    }

    boolean isEmpty() {
        return byClass.isEmpty();
    }

    void add(String id, JsonNode node, JsonNode classType) {
        String name = PythonText.str(classType);
        ObjectNode entry = byClass.computeIfAbsent(name, n -> explained(n, classType));
        ObjectNode place = entry.withArray("nodes").addObject().put("node_id", id);
        JsonNode title = node.path("_meta").path("title");
        if (title.isTextual()) {
            place.put("title", title.textValue());
        }
    }

    /// `[{class_type, what, nearest: [{class_type, display_name}], nodes: [{node_id, title}]}]`.
    ObjectNode extraInfo() {
        ArrayNode all = Json.mapper().createArrayNode();
        byClass.values().forEach(all::add);
        return Json.object().set("description", all);
    }

    private ObjectNode explained(String name, JsonNode classType) {
        ObjectNode entry = Json.object().put("class_type", name);
        if (byClass.size() >= MOST_EXPLAINED) {
            return entry;
        }
        if (!classType.isTextual()) {
            return entry.put(
                    "what",
                    "class_type must be a text, it is of type " + PythonText.typeName(classType));
        }
        entry.put("what", what(name));
        ArrayNode nearest = entry.putArray("nearest");
        for (NearNames.Known known : nearNames().to(name)) {
            nearest.addObject()
                    .put("class_type", known.className())
                    .put("display_name", known.displayName());
        }
        return entry;
    }

    private NearNames nearNames() {
        NearNames known = near;
        if (known == null) {
            known = NearNames.of(definitions.all());
            near = known;
        }
        return known;
    }

    private static String what(String name) {
        String module = ComfyUi.MODULES.get(name);
        if (module == null) {
            return "No node pack of this server has it, and ComfyUI 0.3.64 has none of that name: the"
                    + " pack that brings it must be added, or the name is misspelt";
        }
        return module.startsWith("comfy_api_nodes")
                ? "A node of ComfyUI ("
                        + module
                        + ") that calls a paid service of others; this server does not have it"
                : "A node of ComfyUI (" + module + ") that this server does not have yet";
    }

    /// Class name → module of all nodes that the recorded ComfyUI 0.3.64 lists, read when first needed.
    private static final class ComfyUi {
        static final Map<String, String> MODULES = read();

        private static Map<String, String> read() {
            Map<String, String> modules = new HashMap<>();
            for (String line : lines()) {
                int space = line.lastIndexOf(' ');
                modules.put(line.substring(0, space), line.substring(space + 1));
            }
            return modules;
        }

        private static List<String> lines() {
            try (InputStream file = UnknownClasses.class.getResourceAsStream(LIST)) {
                if (file == null) {
                    throw new IllegalStateException(LIST + " does not lie beside its class");
                }
                return new ArrayList<>(
                        new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + LIST, e);
            }
        }
    }
}
