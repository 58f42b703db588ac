package comfyserverless.handlers.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.queue.QueueJson;
import java.time.Instant;

/// A job for those who are told of it without asking: as under /api/jobs, without the workflow.
public final class JobNews {
    private JobNews() {}

    /// An ended job with its outputs.
    public static ObjectNode ended(HistoryEntry entry) {
        ObjectNode json = JobJson.ended(entry);
        json.set("outputs", JobJson.shownOutputs(entry.result().outputs()));
        return json;
    }

    /// A job of which nothing else is known.
    ///
    /// @param status `in_progress` or `cancelled`, …
    public static ObjectNode brief(String promptId, String status, double number, Instant created) {
        ObjectNode json = Json.object().put("id", promptId).put("status", status);
        json.set("priority", QueueJson.number(number));
        json.put("create_time", created.toEpochMilli()).put("outputs_count", 0);
        json.putObject("outputs");
        return json;
    }
}
