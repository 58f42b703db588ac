package comfyserverless.handlers.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

/// `GET /history/{prompt_id}`: that job's entry under its id, `{}` while there is none.
public final class GetHistoryEntry implements Endpoint {
    private final Jobs jobs;

    public GetHistoryEntry(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = Json.object();
        jobs.historyOf(new JobKey(call.tenant(), call.variable("prompt_id")))
                .ifPresent(e -> body.set(e.job().promptId(), HistoryJson.entry(e)));
        return Response.json(body);
    }
}
