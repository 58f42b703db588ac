package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;

/// What a history entry shows of a run, gathered while it runs.
final class History {
    private final ArrayNode messages = Json.mapper().createArrayNode();
    private final ObjectNode outputs = Json.object();
    private final ObjectNode meta = Json.object();

    void message(Event event) {
        messages.addArray().add(EventJson.type(event)).add(EventJson.data(event));
    }

    void output(String nodeId, ObjectNode ui, ObjectNode about) {
        outputs.set(nodeId, ui);
        meta.set(nodeId, about);
    }

    JobResult end(JobResult.End end) {
        return new JobResult(end, outputs, messages, meta);
    }
}
