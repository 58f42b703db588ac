package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

/// `POST /free`: `unload_models` and `free_memory` are done before the next prompt runs.
public final class Free implements Endpoint {
    private final FreeRequests requests;

    public Free(FreeRequests requests) {
        this.requests = requests;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = call.request().jsonObject();
        boolean unload = Truth.of(body.get("unload_models"));
        boolean free = Truth.of(body.get("free_memory"));
        if (unload || free) {
            requests.ask(call.tenant(), new FreeRequests.Wish(unload, free));
        }
        return Response.empty(200);
    }
}
