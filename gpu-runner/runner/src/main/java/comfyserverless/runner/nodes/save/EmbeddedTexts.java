package comfyserverless.runner.nodes.save;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.PythonJson;
import comfyserverless.nodeapi.Inputs;
import java.util.LinkedHashMap;
import java.util.Map;

/// What saved files carry besides their content: the prompt and what the client sent along with it.
public final class EmbeddedTexts {
    private EmbeddedTexts() {}

    /// `prompt`, and each entry of the client's extra_pnginfo (`workflow`), as JSON.
    public static Map<String, String> of(Inputs in) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode prompt = in.json("prompt");
        if (!prompt.isNull()) {
            texts.put("prompt", PythonJson.dumps(prompt));
        }
        in.json("extra_pnginfo")
                .properties()
                .forEach(e -> texts.put(e.getKey(), PythonJson.dumps(e.getValue())));
        return texts;
    }
}
