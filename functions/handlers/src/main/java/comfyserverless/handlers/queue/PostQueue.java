package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.PythonText;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

/// `POST /queue`: `{"clear": true}` empties the waiting queue, `{"delete": [ids]}` takes jobs out.
public final class PostQueue implements Endpoint {
    private final Jobs jobs;
    private final QueueNews news;

    public PostQueue(Jobs jobs, QueueNews news) {
        this.jobs = jobs;
        this.news = news;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = call.request().jsonObject();
        String tenant = call.tenant();
        if (Truth.of(body.get("clear"))) {
            jobs.clearPending(tenant);
            news.cleared(tenant);
        }
        for (JsonNode id : body.path("delete")) {
            if (jobs.deletePending(new JobKey(tenant, PythonText.str(id)))) {
                news.changed(tenant, null);
                if (jobs.queueRemaining(tenant) == jobs.running(tenant).size()) {
                    // ComfyUI wipes the queue when its last entry goes, and says so once more.
                    news.changed(tenant, null);
                }
            }
        }
        return Response.empty(200);
    }
}
