package comfyserverless.handlers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many outputs a job has, how many of them a page can show, and the one to show first
/// (comfy_execution/jobs.py of newer servers): a saved picture, film, sound or model, else another one,
/// else a saved text, else a text that a node showed.
final class OutputSummary {
    private static final Set<String> SHOWN_KINDS = Set.of("images", "video", "audio", "3d", "text");
    private static final Set<String> MODELS_3D = Set.of("obj", "fbx", "gltf", "glb", "usdz");
    private static final Set<String> TEXTS = Set.of("txt", "md", "json");
    private static final String TEXT = "text";
    private static final int LONGEST_TEXT = 1024;

    private int count;
    private int previewable;
    private @Nullable ObjectNode saved;
    private @Nullable ObjectNode other;
    private @Nullable ObjectNode textFile;
    private @Nullable ObjectNode text;

    private OutputSummary() {}

    static OutputSummary of(ObjectNode byNode) {
        OutputSummary summary = new OutputSummary();
        for (Map.Entry<String, JsonNode> node : byNode.properties()) {
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                if (kind.getValue() instanceof ArrayNode items
                        && !kind.getKey().equals("animated")) {
                    items.forEach(item -> summary.take(node.getKey(), kind.getKey(), item));
                }
            }
        }
        return summary;
    }

    int count() {
        return count;
    }

    int previewable() {
        return previewable;
    }

    /// The output to show first; null if there is none.
    @Nullable ObjectNode preview() {
        if (saved != null) {
            return saved;
        }
        if (other != null) {
            return other;
        }
        return textFile == null ? text : textFile;
    }

    /// Whether an item without further facts names a 3D file.
    static boolean isModel3d(JsonNode item) {
        return item.isTextual() && MODELS_3D.contains(extension(item.textValue()));
    }

    /// The file that a bare name of a 3D file stands for.
    static ObjectNode model3d(String name) {
        return Json.object()
                .put("filename", name)
                .put("type", "output")
                .put("subfolder", "")
                .put("mediaType", "3d");
    }

    private void take(String nodeId, String kind, JsonNode item) {
        if (item instanceof ObjectNode file) {
            take(nodeId, kind, file);
        } else if (isModel3d(item)) {
            take(nodeId, kind, model3d(item.textValue()));
        } else if (kind.equals(TEXT) && text == null) {
            text = shownText(nodeId, PythonText.str(item));
        }
    }

    private void take(String nodeId, String kind, ObjectNode file) {
        count++;
        if (!isPreviewable(kind, file)) {
            return;
        }
        previewable++;
        ObjectNode shown = file.deepCopy().put("nodeId", nodeId);
        if (!shown.has("mediaType")) {
            shown.put("mediaType", kind);
        }
        if (kind.equals(TEXT) || TEXTS.contains(extension(file))) {
            textFile = textFile == null ? shown : textFile;
        } else if (file.path("type").asText().equals("output")) {
            saved = saved == null ? shown : saved;
        } else {
            other = other == null ? shown : other;
        }
    }

    private static boolean isPreviewable(String kind, ObjectNode file) {
        String format = file.path("format").asText("");
        String extension = extension(file);
        return SHOWN_KINDS.contains(kind)
                || format.startsWith("video/")
                || format.startsWith("audio/")
                || MODELS_3D.contains(extension)
                || TEXTS.contains(extension);
    }

    private static String extension(ObjectNode file) {
        return extension(file.path("filename").asText(""));
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static ObjectNode shownText(String nodeId, String whole) {
        int length = whole.codePointCount(0, whole.length());
        ObjectNode shown = Json.object();
        if (length > LONGEST_TEXT) {
            shown.put("content", whole.substring(0, whole.offsetByCodePoints(0, LONGEST_TEXT)));
            shown.put("truncated", true);
        } else {
            shown.put("content", whole);
        }
        return shown.put("nodeId", nodeId).put("mediaType", TEXT);
    }
}
