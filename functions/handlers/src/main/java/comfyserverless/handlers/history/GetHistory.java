package comfyserverless.handlers.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.AnswerBudget;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /history`: ended jobs, oldest first; `max_items` takes the newest, or those from `offset` on. Of
/// more than fits into an answer the newest are shown; the rest by `offset`.
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
        int from = offset == null ? -1 : offset;
        // ComfyUI counts after it has added an entry: from an offset on there is always one.
        int maxItems = given == null ? ALL : from >= 0 ? Math.max(1, given) : given;
        List<HistoryEntry> entries =
                maxItems > 0 ? jobs.history(call.tenant(), maxItems, from) : List.of();
        Response whole = Response.json(json(entries));
        return whole.body().length <= AnswerBudget.LAMBDA ? whole : Response.json(fitting(entries));
    }

    private static ObjectNode json(List<HistoryEntry> entries) {
        ObjectNode body = Json.object();
        entries.forEach(entry -> body.set(entry.job().promptId(), HistoryJson.entry(entry)));
        return body;
    }

    /// The newest entries that fit into an answer, oldest first.
    private static ObjectNode fitting(List<HistoryEntry> entries) {
        AnswerBudget budget = new AnswerBudget(AnswerBudget.LAMBDA);
        Deque<ObjectNode> shown = new ArrayDeque<>();
        Deque<String> ids = new ArrayDeque<>();
        for (HistoryEntry entry : entries.reversed()) {
            ObjectNode json = HistoryJson.entry(entry);
            if (!budget.takes(json)) {
                break;
            }
            shown.addFirst(json);
            ids.addFirst(entry.job().promptId());
        }
        ObjectNode body = Json.object();
        for (ObjectNode json : shown) {
            body.set(ids.removeFirst(), json);
        }
        return body;
    }

    private static @Nullable Integer whole(Request request, String name) {
        String value = request.parameter(name);
        if (value == null) {
            return null;
        }
        try {
            return new BigInteger(value.strip())
                    .max(BigInteger.valueOf(Integer.MIN_VALUE))
                    .min(BigInteger.valueOf(ALL))
                    .intValueExact();
        } catch (NumberFormatException e) {
            throw HttpProblem.badRequest(
                    "invalid_number",
                    name + " must be a whole number",
                    "\"" + value + "\" is none");
        }
    }
}
