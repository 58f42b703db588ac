package comfyserverless.handlers.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.event.LogNews;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.queue.Truth;

/// `GET /internal/logs` and `/internal/logs/raw`: what this tenant's jobs wrote.
public final class InternalLogs {
    private final JobLog log;
    private final Connections connections;

    public InternalLogs(JobLog log, Connections connections) {
        this.log = log;
        this.connections = connections;
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
        body.set("entries", LogNews.entries(log.newest(call.tenant())));
        body.putObject("size").put("cols", LogNews.COLUMNS).put("rows", LogNews.ROWS);
        return Response.json(body);
    }

    /// `PATCH /internal/logs/subscribe` with `{clientId, enabled}`: whether the client's socket gets
    /// `logs` messages from now on.
    public Response subscribe(Call call) {
        ObjectNode body = call.request().jsonObject();
        JsonNode client = body.get("clientId");
        JsonNode enabled = body.get("enabled");
        if (client == null || enabled == null) {
            throw HttpProblem.badRequest(
                    "invalid_subscription",
                    "clientId and enabled are needed",
                    "the body has " + (client == null ? "no clientId" : "no enabled"));
        }
        LogNews.follow(connections, call.tenant(), PythonText.str(client), Truth.of(enabled));
        return Response.empty(200);
    }
}
