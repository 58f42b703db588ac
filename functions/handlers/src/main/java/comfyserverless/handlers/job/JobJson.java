package comfyserverless.handlers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.queue.QueueJson;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A job as newer servers show it under /api/jobs (comfy_execution/jobs.py): what is unknown is left
/// out, times are in milliseconds.
final class JobJson {
    private static final Set<String> MODELS_3D = Set.of("obj", "fbx", "gltf", "glb", "usdz");

    private static final int LONGEST_TEXT = 1024;

    private JobJson() {}

    /// A job that waits or runs.
    ///
    /// @param status `pending` or `in_progress`
    static ObjectNode queued(QueuedJob job, String status) {
        ObjectNode json = base(job, status, job.created());
        json.put("outputs_count", 0);
        workflowId(json, job);
        return json;
    }

    static ObjectNode ended(HistoryEntry entry) {
        ObjectNode json = base(entry.job(), status(entry.result()), entry.created());
        Instant started = entry.started();
        if (started != null) {
            json.put("execution_start_time", started.toEpochMilli());
        }
        json.put("execution_end_time", entry.ended().toEpochMilli());
        for (JsonNode message : entry.result().messages()) {
            if (message.path(0).asText().equals("execution_error")) {
                json.set("execution_error", message.path(1));
            }
        }
        Outputs outputs = outputs(entry.result().outputs());
        json.put("outputs_count", outputs.count());
        if (outputs.preview() != null) {
            json.set("preview_output", outputs.preview());
        }
        workflowId(json, entry.job());
        return json;
    }

    /// What a job's own page shows besides.
    static ObjectNode withDetails(ObjectNode json, QueuedJob job) {
        ObjectNode workflow = json.putObject("workflow");
        workflow.set("prompt", job.body().prompt());
        workflow.set("extra_data", job.body().extraData());
        return json;
    }

    static String status(JobResult result) {
        return switch (result.end()) {
            case SUCCESS -> "completed";
            case ERROR -> "failed";
            case INTERRUPTED -> "cancelled";
        };
    }

    private static ObjectNode base(QueuedJob job, String status, Instant created) {
        ObjectNode json = Json.object().put("id", job.promptId()).put("status", status);
        json.set("priority", QueueJson.number(job.number()));
        return json.put("create_time", created.toEpochMilli());
    }

    private static void workflowId(ObjectNode json, QueuedJob job) {
        JsonNode id = job.body().extraData().at("/extra_pnginfo/workflow/id");
        if (id.isTextual()) {
            json.set("workflow_id", id);
        }
    }

    /// The outputs as a job's own page shows them: 3D files, which nodes name by text alone, as other
    /// files, and nothing for null.
    static ObjectNode shownOutputs(ObjectNode byNode) {
        ObjectNode shown = byNode.deepCopy();
        for (Map.Entry<String, JsonNode> node : byNode.properties()) {
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                if (kind.getValue() instanceof ArrayNode items) {
                    ArrayNode kept =
                            shown.withObjectProperty(node.getKey()).putArray(kind.getKey());
                    for (JsonNode item : items) {
                        if (item.isTextual() && isFile(item)) {
                            kept.add(file(item.textValue()).put("mediaType", "3d"));
                        } else if (!item.isNull()) {
                            kept.add(item);
                        }
                    }
                }
            }
        }
        return shown;
    }

    /// How many outputs there are, and the one to show: a saved picture before a temporary one, and a
    /// text where there is none.
    private record Outputs(int count, @Nullable ObjectNode preview) {}

    private static Outputs outputs(ObjectNode byNode) {
        int count = 0;
        ObjectNode saved = null;
        ObjectNode other = null;
        ObjectNode text = null;
        for (Map.Entry<String, JsonNode> node : byNode.properties()) {
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                if (!(kind.getValue() instanceof ArrayNode items)
                        || kind.getKey().equals("animated")) {
                    continue;
                }
                if (kind.getKey().equals("text")) {
                    text = text == null ? text(items, node.getKey()) : text;
                    continue;
                }
                for (JsonNode item : items) {
                    if (!isFile(item)) {
                        continue;
                    }
                    count++;
                    ObjectNode shown = shown(item, node.getKey(), kind.getKey());
                    if (shown.path("type").asText().equals("output")) {
                        saved = saved == null ? shown : saved;
                    } else {
                        other = other == null ? shown : other;
                    }
                }
            }
        }
        ObjectNode media = saved == null ? other : saved;
        return new Outputs(count, media == null ? text : media);
    }

    private static @Nullable ObjectNode text(ArrayNode items, String nodeId) {
        for (JsonNode item : items) {
            if (item.isTextual()) {
                String whole = item.textValue();
                boolean cut = whole.length() > LONGEST_TEXT;
                ObjectNode shown = Json.object().put("nodeId", nodeId).put("mediaType", "text");
                shown.put("content", cut ? whole.substring(0, LONGEST_TEXT) : whole);
                return shown.put("truncated", cut);
            }
        }
        return null;
    }

    private static ObjectNode file(String name) {
        return Json.object().put("filename", name).put("type", "output").put("subfolder", "");
    }

    private static boolean isFile(JsonNode item) {
        String text = item.asText("");
        String extension = text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return item.isObject() || (item.isTextual() && MODELS_3D.contains(extension));
    }

    private static ObjectNode shown(JsonNode item, String nodeId, String mediaType) {
        ObjectNode shown =
                item instanceof ObjectNode object ? object.deepCopy() : file(item.asText());
        return shown.put("nodeId", nodeId).put("mediaType", mediaType);
    }
}
