package comfyserverless.handlers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.prompt.PromptIds;
import comfyserverless.handlers.history.HistoryJson;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.queue.QueueNews;
import java.util.List;
import java.util.Optional;

/// `GET` and `DELETE /api/jobs/{id}`, `POST /api/jobs/{id}/cancel` and `POST /api/jobs/cancel`.
public final class OneJob {
    private final Jobs jobs;
    private final Files files;
    private final QueueNews news;

    public OneJob(Jobs jobs, Files files, QueueNews news) {
        this.jobs = jobs;
        this.files = files;
        this.news = news;
    }

    public Response show(Call call) {
        JobKey key = key(call);
        Optional<HistoryEntry> ended = jobs.historyOf(key);
        if (ended.isPresent()) {
            ObjectNode json = JobJson.ended(ended.get());
            json.set("outputs", JobJson.shownOutputs(ended.get().result().outputs()));
            json.set("execution_status", HistoryJson.entry(ended.get()).path("status"));
            return Response.json(JobJson.withDetails(json, ended.get().job()));
        }
        QueueView queue = jobs.queue(call.tenant());
        return find(queue.running(), key, "in_progress")
                .or(() -> find(queue.pending(), key, "pending"))
                .map(Response::json)
                .orElseGet(() -> Response.json(404, error("Job not found")));
    }

    private Optional<ObjectNode> find(List<QueuedJob> among, JobKey key, String status) {
        return among.stream()
                .filter(job -> job.promptId().equals(key.promptId()))
                .findFirst()
                .map(job -> JobJson.withDetails(JobJson.queued(job, status), job));
    }

    /// An unknown or ended job is no error: it was not cancelled.
    public Response cancel(Call call) {
        return cancelled(call.tenant(), jobs.cancel(key(call)));
    }

    public Response cancelSeveral(Call call) {
        JsonNode body;
        try {
            body = call.request().json();
        } catch (MalformedJson e) {
            return Response.json(400, error("Request body must be valid JSON"));
        }
        if (!(body.get("job_ids") instanceof ArrayNode ids)) {
            return Response.json(400, error("job_ids must be a list"));
        }
        ArrayNode invalid = Json.mapper().createArrayNode();
        ids.forEach(id -> {
            if (!id.isTextual() || !PromptIds.isCanonicalUuid(id.textValue())) {
                invalid.add(id);
            }
        });
        if (!invalid.isEmpty()) {
            ObjectNode answer = error("job_ids contains invalid id(s)");
            answer.set("invalid_ids", invalid);
            return Response.json(400, answer);
        }
        boolean any = false;
        for (JsonNode id : ids) {
            any |= jobs.cancel(new JobKey(call.tenant(), id.textValue()));
        }
        return cancelled(call.tenant(), any);
    }

    /// Forgets an ended job and its files; one that waits or runs is cancelled.
    public Response delete(Call call) {
        JobKey key = key(call);
        Optional<HistoryEntry> ended = jobs.historyOf(key);
        if (ended.isEmpty()) {
            return cancelled(call.tenant(), jobs.cancel(key));
        }
        for (JsonNode node : ended.get().result().outputs()) {
            node.forEach(kind -> kind.forEach(item -> deleteFile(call.tenant(), item)));
        }
        jobs.deleteHistory(key);
        return Response.json(Json.object().put("deleted", true));
    }

    private void deleteFile(String tenant, JsonNode item) {
        FileType.of(item.path("type").asText())
                .filter(type -> type != FileType.INPUT && item.path("filename").isTextual())
                .ifPresent(type ->
                        files.delete(
                                tenant,
                                new FileRef(
                                        type,
                                        item.path("subfolder").asText(""),
                                        item.path("filename").asText())));
    }

    private Response cancelled(String tenant, boolean cancelled) {
        if (cancelled) {
            news.changed(tenant, null);
        }
        return Response.json(Json.object().put("cancelled", cancelled));
    }

    private static JobKey key(Call call) {
        return new JobKey(call.tenant(), call.variable("job_id"));
    }

    private static ObjectNode error(String message) {
        return Json.object().put("error", message);
    }
}
