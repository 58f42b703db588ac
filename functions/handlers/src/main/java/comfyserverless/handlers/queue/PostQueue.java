package comfyserverless.handlers.queue;

import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.List;

/// `POST /queue`: `{"clear": true}` empties the waiting queue, and with `"running": true` stops what
/// runs as well; `{"delete": [ids]}` takes jobs out.
public final class PostQueue implements Endpoint {
    private final Jobs jobs;
    private final QueueNews news;

    public PostQueue(Jobs jobs, QueueNews news) {
        this.jobs = jobs;
        this.news = news;
    }

    @Override
    public Response answer(Call call) {
        Wishes wishes = Wishes.of(call.request());
        List<String> deleted = wishes.deleted();
        String tenant = call.tenant();
        if (wishes.has("clear")) {
            jobs.clearPending(tenant);
            news.cleared(tenant);
            if (wishes.has("running")) {
                jobs.running(tenant).forEach(jobs::interrupt);
            }
        }
        for (String id : deleted) {
            if (jobs.deletePending(new JobKey(tenant, id))) {
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
