package comfyserverless.handlers.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

/// `GET /prompt`: how many prompts wait or run.
public final class GetPrompt implements Endpoint {
    private final Jobs jobs;

    public GetPrompt(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = Json.object();
        body.putObject("exec_info").put("queue_remaining", jobs.queueRemaining(call.tenant()));
        return Response.json(body);
    }
}
