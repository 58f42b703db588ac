package comfyserverless.handlers.history;

import com.fasterxml.jackson.databind.node.ObjectNode;

import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;

import org.jspecify.annotations.Nullable;

/// `GET /history`: ended jobs, oldest first; `max_items` takes the newest, or those from `offset` on.
public final class GetHistory implements Endpoint {
    private static final int ALL = 10_000;

    private final Jobs jobs;

    public GetHistory(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        Integer given = whole(call.request(), "max_items");
        Integer offset = whole(call.request(), "offset");
        int maxItems = given == null ? ALL : given;
        ObjectNode body = Json.object();
        if (maxItems > 0) {
            for (HistoryEntry entry :
                    jobs.history(call.tenant(), maxItems, offset == null ? -1 : offset)) {
                body.set(entry.job().promptId(), HistoryJson.entry(entry));
            }
        }
        return Response.json(body);
    }

    private static @Nullable Integer whole(Request request, String name) {
        String value = request.parameter(name);
        if (value == null) {
            return null;
        }
        try {
            return Integer.valueOf(value.strip());
        } catch (NumberFormatException e) {
            throw HttpProblem.badRequest(
                    "invalid_number",
                    name + " must be a whole number",
                    "\"" + value + "\" is none");
        }
    }
}
