package comfyserverless.handlers.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobStatus;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Query;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import comfyserverless.routeapi.RouteProblem;
import comfyserverless.routeapi.TenantJobs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The queue and history of one tenant.
record OwnJobs(String tenant, Jobs jobs, Server server) implements TenantJobs {
    private static final int NEWEST = -1;
    private static final int OK = 200;

    @Override
    public QueueView queue() {
        return jobs.queue(tenant);
    }

    @Override
    public int remaining() {
        return jobs.queueRemaining(tenant);
    }

    @Override
    public List<String> running() {
        return jobs.running(tenant).stream().map(JobKey::promptId).toList();
    }

    @Override
    public Optional<JobStatus> status(String promptId) {
        return jobs.status(new JobKey(tenant, promptId));
    }

    @Override
    public Optional<HistoryEntry> history(String promptId) {
        return jobs.historyOf(new JobKey(tenant, promptId));
    }

    @Override
    public List<HistoryEntry> history(int most) {
        return jobs.history(tenant, most, NEWEST);
    }

    @Override
    public boolean cancel(String promptId) {
        boolean cancelled = jobs.cancel(new JobKey(tenant, promptId));
        if (cancelled) {
            server.news().changed(tenant, null);
        }
        return cancelled;
    }

    /// The way of every client's prompt, so that it is validated, counted and told of like one.
    @Override
    public String submit(ObjectNode body) {
        Request request =
                new Request(
                        "POST",
                        "/prompt",
                        Query.parse(""),
                        Map.of(),
                        List.of(),
                        Json.writeBytes(body),
                        "");
        Response response;
        try {
            response =
                    server.submit()
                            .answer(new Call(request, new Identity(tenant, null, false), Map.of()));
        } catch (HttpProblem e) {
            response = e.response();
        }
        JsonNode answer = Json.readStored(response.body());
        if (response.status() == OK) {
            return answer.path("prompt_id").asText();
        }
        throw refused(response.status(), answer);
    }

    private static RouteProblem refused(int status, JsonNode answer) {
        JsonNode error = answer.path("error");
        String details = error.path("details").asText();
        return new RouteProblem(
                status,
                error.path("type").asText("refused"),
                error.path("message").asText("The prompt was refused"),
                details.isEmpty() ? answer.path("node_errors").toString() : details);
    }
}
