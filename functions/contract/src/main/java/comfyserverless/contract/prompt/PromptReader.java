package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.json.PythonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the body of POST /prompt (post_prompt in server.py, ComfyUI 0.3.64). What makes that server
/// answer 500 is refused here with a reason.
final class PromptReader {
    /// Taken out of extra_data at submit (limits-and-security).
    private static final List<String> SECRETS =
            List.of("auth_token_comfy_org", "api_key_comfy_org", PromptRequest.WEBHOOK);

    private PromptReader() {}

    /// @param sent what the hash is of: the body as the client sent it
    static PromptRequest read(byte[] body, byte[] sent) {
        ObjectNode json = object(body);
        refuseEditorFormat(json);
        @Nullable String clientId = clientId(json);
        ObjectNode extraData = extraData(json);
        Map<String, JsonNode> secrets = new LinkedHashMap<>();
        for (String name : SECRETS) {
            JsonNode secret = extraData.remove(name);
            if (secret != null) {
                secrets.put(name, secret);
            }
        }
        JsonNode webhook = json.get(PromptRequest.WEBHOOK);
        if (webhook != null) {
            secrets.putIfAbsent(PromptRequest.WEBHOOK, webhook);
        }
        return new PromptRequest(
                json.get("prompt"),
                number(json),
                json.has("front") && PythonNumbers.truth(json.get("front")),
                promptId(json),
                clientId,
                targets(json),
                extraData,
                secrets,
                hash(Arrays.equals(sent, body) ? json : object(sent)));
    }

    private static ObjectNode object(byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (MalformedJson e) {
            throw refuse("invalid_json", "The body is not JSON", e.getMessage());
        }
        if (json instanceof ObjectNode object) {
            return object;
        }
        if (json.isArray() || json.isTextual()) {
            // Python looks for "prompt" in these as well, and finds none.
            return Json.object();
        }
        throw refuse(
                "invalid_json",
                "The body must be a JSON object",
                "it is a " + PythonText.typeName(json));
    }

    /// The editor saves workflows in a form of its own, with lists of nodes and links.
    private static void refuseEditorFormat(ObjectNode json) {
        if (isEditorFormat(json) || isEditorFormat(json.path("prompt"))) {
            throw refuse(
                    "workflow_in_editor_format",
                    "This is a workflow in the editor's format, a prompt in the API format is needed",
                    "In the editor choose Workflow > Export (API) and send that file as \"prompt\"");
        }
    }

    private static boolean isEditorFormat(JsonNode json) {
        return json.path("nodes").isArray() && json.path("links").isArray();
    }

    private static @Nullable Double number(ObjectNode json) {
        JsonNode number = json.get("number");
        if (number == null) {
            return null;
        }
        double value;
        try {
            value = PythonNumbers.toFloat(number);
        } catch (PythonNumbers.NotANumber e) {
            throw refuse("invalid_number", "number is not a number", e.getMessage());
        }
        if (!Double.isFinite(value)) {
            throw refuse("invalid_number", "number must be finite", PythonText.str(number));
        }
        return value == 0.0 ? 0.0 : value;
    }

    private static @Nullable String promptId(ObjectNode json) {
        JsonNode given = json.get("prompt_id");
        if (given == null) {
            return null;
        }
        String id = PythonText.str(given);
        if (!PromptIds.isAllowed(id)) {
            throw refuse(
                    "invalid_prompt_id",
                    "prompt_id must have 1 to 128 printable characters and no #",
                    PythonText.quoted(id.length() > 200 ? id.substring(0, 200) + "…" : id));
        }
        return id;
    }

    private static @Nullable String clientId(ObjectNode json) {
        JsonNode id = json.get("client_id");
        return id == null || id.isNull() ? null : PythonText.str(id);
    }

    private static @Nullable List<String> targets(ObjectNode json) {
        JsonNode targets = json.get("partial_execution_targets");
        if (targets == null || targets.isNull()) {
            return null;
        }
        if (targets.isObject() || (targets.isTextual() && targets.textValue().isEmpty())) {
            List<String> keys = new ArrayList<>();
            targets.fieldNames().forEachRemaining(keys::add);
            return keys;
        }
        if (!targets.isArray()) {
            throw refuse(
                    "invalid_partial_execution_targets",
                    "partial_execution_targets must be a list of node ids",
                    "it is a " + PythonText.typeName(targets));
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode id : targets) {
            if (id.isTextual()) {
                ids.add(id.textValue());
            }
        }
        return ids;
    }

    private static ObjectNode extraData(ObjectNode json) {
        JsonNode given = json.get("extra_data");
        ObjectNode extraData;
        if (given == null || given.isNull()) {
            extraData = Json.object();
        } else if (given instanceof ObjectNode object) {
            extraData = object;
        } else {
            throw refuse(
                    "invalid_extra_data",
                    "extra_data must be an object",
                    "it is a " + PythonText.typeName(given));
        }
        JsonNode clientId = json.get("client_id");
        if (clientId != null) {
            extraData.set("client_id", clientId);
        }
        return extraData;
    }

    private static String hash(ObjectNode json) {
        ObjectNode asked = Json.object();
        for (String name : List.of("prompt", "partial_execution_targets", "number", "front")) {
            if (json.has(name)) {
                asked.set(name, json.get(name));
            }
        }
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(sha.digest(Json.write(asked).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static RefusedPrompt refuse(String type, String message, @Nullable String details) {
        return new RefusedPrompt(new PromptError(type, message, details == null ? "" : details));
    }
}
