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
import java.util.Map;

/// A job as newer servers show it under /api/jobs (comfy_execution/jobs.py): what is unknown is left
/// out, times are in milliseconds.
final class JobJson {
    private JobJson() {}

    /// A job that waits or runs.
    ///
    /// @param status `pending` or `in_progress`
    static ObjectNode queued(QueuedJob job, String status) {
        ObjectNode json = base(job, status, job.created());
        json.put("outputs_count", 0).put("previewable_outputs_count", 0);
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
        if (started != null) {
            json.putObject("execution_meta").put("gpu_seconds", entry.gpu().toMillis() / 1000.0);
        }
        for (JsonNode message : entry.result().messages()) {
            if (message.path(0).asText().equals("execution_error")) {
                json.set("execution_error", message.path(1));
            }
        }
        OutputSummary outputs = OutputSummary.of(entry.result().outputs());
        json.put("outputs_count", outputs.count());
        json.put("previewable_outputs_count", outputs.previewable());
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
                        if (OutputSummary.isModel3d(item)) {
                            kept.add(OutputSummary.model3d(item.textValue()));
                        } else if (!item.isNull()) {
                            kept.add(item);
                        }
                    }
                }
            }
        }
        return shown;
    }
}
