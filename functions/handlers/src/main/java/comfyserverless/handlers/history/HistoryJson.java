package comfyserverless.handlers.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.queue.QueueJson;

/// A history entry as ComfyUI 0.3.64 shows it: prompt, outputs, status, meta.
public final class HistoryJson {
    private HistoryJson() {}

    public static ObjectNode entry(HistoryEntry entry) {
        JobResult result = entry.result();
        boolean success = result.end() == JobResult.End.SUCCESS;
        ObjectNode json = Json.object();
        json.set("prompt", QueueJson.job(entry.job()));
        json.set("outputs", result.outputs());
        ObjectNode status = json.putObject("status");
        status.put("status_str", success ? "success" : "error").put("completed", success);
        status.set("messages", result.messages());
        json.set("meta", result.meta());
        return json;
    }
}
