package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.Tickets;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /free`: what `unload_models` and `free_memory` ask for is done before the next prompt runs, or at
/// once by runners that have nothing to do; freed memory takes the models along (prompt_worker in main.py,
/// ComfyUI 0.3.64).
public final class Free implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Free.class);

    private final FreeRequests requests;
    private final Tickets tickets;
    private final Predicate<Call> mayUnload;

    /// @param mayUnload who may unload models: all tenants' prompts share them
    public Free(FreeRequests requests, Tickets tickets, Predicate<Call> mayUnload) {
        this.requests = requests;
        this.tickets = tickets;
        this.mayUnload = mayUnload;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode body = call.request().jsonObject();
        boolean free = Truth.of(body.get("free_memory"));
        boolean unload = free || Truth.of(body.get("unload_models"));
        FreeRequests.Wish wish = new FreeRequests.Wish(unload && mayUnload.test(call), free);
        if (wish.unloadModels() || wish.freeMemory()) {
            requests.ask(call.tenant(), wish);
            wake();
        }
        return Response.empty(200);
    }

    /// A runner that waits for a ticket looks at once; others when their wait ends.
    private void wake() {
        try {
            tickets.send();
        } catch (RuntimeException e) {
            LOG.warn("no ticket for a runner that rests: it looks when its wait ends", e);
        }
    }
}
