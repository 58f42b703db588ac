package comfyserverless.handlers.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.PythonText;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.queue.Truth;

/// `POST /history`: `{"clear": true}` forgets all, `{"delete": [ids]}` some. No socket hears of it.
public final class PostHistory implements Endpoint {
    private final Jobs jobs;

    public PostHistory(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = call.request().jsonObject();
        if (Truth.of(body.get("clear"))) {
            jobs.clearHistory(call.tenant());
        }
        for (JsonNode id : body.path("delete")) {
            jobs.deleteHistory(new JobKey(call.tenant(), PythonText.str(id)));
        }
        return Response.empty(200);
    }
}
