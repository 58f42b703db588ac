package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;

/// One error in ComfyUI's shape: `{type, message, details, extra_info}`.
public record PromptError(String type, String message, String details, ObjectNode extraInfo) {
    public PromptError(String type, String message, String details) {
        this(type, message, details, Json.object());
    }

    PromptError with(ObjectNode info) {
        return new PromptError(type, message, details, info);
    }

    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("type", type);
        json.put("message", message);
        json.put("details", details);
        json.set("extra_info", extraInfo);
        return json;
    }
}
