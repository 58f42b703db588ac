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

    private JobJson() {}

    /// A job that waits or runs.
    ///
    /// @param status `pending` or `in_progress`
    static ObjectNode queued(QueuedJob job, String status, Instant created) {
        ObjectNode json = base(job, status, created);
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

    /// How many outputs there are, and the one to show: a saved picture before a temporary one.
    private record Outputs(int count, @Nullable ObjectNode preview) {}

    private static Outputs outputs(ObjectNode byNode) {
        int count = 0;
        ObjectNode saved = null;
        ObjectNode other = null;
        for (Map.Entry<String, JsonNode> node : byNode.properties()) {
            for (Map.Entry<String, JsonNode> kind : node.getValue().properties()) {
                if (!(kind.getValue() instanceof ArrayNode items)
                        || kind.getKey().equals("animated")
                        || kind.getKey().equals("text")) {
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
        return new Outputs(count, saved == null ? other : saved);
    }

    private static boolean isFile(JsonNode item) {
        String text = item.asText("");
        String extension = text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return item.isObject() || (item.isTextual() && MODELS_3D.contains(extension));
    }

    private static ObjectNode shown(JsonNode item, String nodeId, String mediaType) {
        ObjectNode shown =
                item instanceof ObjectNode object
                        ? object.deepCopy()
                        : Json.object()
                                .put("filename", item.asText())
                                .put("type", "output")
                                .put("subfolder", "");
        return shown.put("nodeId", nodeId).put("mediaType", mediaType);
    }
}
