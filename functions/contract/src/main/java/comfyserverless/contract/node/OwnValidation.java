package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.Set;
import java.util.TreeSet;

/// That a node class validates some inputs itself: what is known of it where its validator is not.
///
/// @param names the inputs whose minimum, maximum and choices are its own to check
/// @param allNames whether that is so of every input
/// @param linkTypes whether the types of links are its own to check too
public record OwnValidation(Set<String> names, boolean allNames, boolean linkTypes) {
    private static final String NAMES = "inputs";
    private static final String ALL = "all";
    private static final String LINKS = "links";

    public OwnValidation {
        names = Set.copyOf(names);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        new TreeSet<>(names).forEach(json.putArray(NAMES)::add);
        return json.put(ALL, allNames).put(LINKS, linkTypes);
    }

    static OwnValidation of(JsonNode json) {
        Set<String> names = new TreeSet<>();
        json.path(NAMES).forEach(name -> names.add(name.asText()));
        return new OwnValidation(names, json.path(ALL).asBoolean(), json.path(LINKS).asBoolean());
    }
}
