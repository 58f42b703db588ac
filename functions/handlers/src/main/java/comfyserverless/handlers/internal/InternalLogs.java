package comfyserverless.handlers.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;

/// `GET /internal/logs` and `/internal/logs/raw`: what this tenant's jobs wrote.
public final class InternalLogs {
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final JobLog log;

    public InternalLogs(JobLog log) {
        this.log = log;
    }

    /// One text, each line with its time.
    public Response text(Call call) {
        StringBuilder text = new StringBuilder();
        for (JobLog.Line line : log.newest(call.tenant())) {
            text.append(line.at()).append(" - ").append(line.text());
        }
        return Response.json(TextNode.valueOf(text.toString()));
    }

    public Response entries(Call call) {
        ObjectNode body = Json.object();
        ArrayNode entries = body.putArray("entries");
        for (JobLog.Line line : log.newest(call.tenant())) {
            entries.addObject().put("t", line.at().toString()).put("m", line.text());
        }
        body.putObject("size").put("cols", COLUMNS).put("rows", ROWS);
        return Response.json(body);
    }
}
