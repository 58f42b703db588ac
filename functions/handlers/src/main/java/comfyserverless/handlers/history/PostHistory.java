package comfyserverless.handlers.history;

import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.queue.Wishes;
import java.util.List;

/// `POST /history`: `{"clear": true}` forgets all, `{"delete": [ids]}` some. No socket hears of it.
public final class PostHistory implements Endpoint {
    private final Jobs jobs;

    public PostHistory(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        Wishes wishes = Wishes.of(call.request());
        List<String> deleted = wishes.deleted();
        if (wishes.has("clear")) {
            jobs.clearHistory(call.tenant());
        }
        for (String id : deleted) {
            jobs.deleteHistory(new JobKey(call.tenant(), id));
        }
        return Response.empty(200);
    }
}
