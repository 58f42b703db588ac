package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.AnswerBudget;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.function.Function;

/// `GET /queue`: what runs and what waits, in the order in which it will run. In an answer that would
/// grow too long the later jobs stand without their graphs.
public final class GetQueue implements Endpoint {
    private final Jobs jobs;

    public GetQueue(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        QueueView queue = jobs.queue(call.tenant());
        Response whole = Response.json(json(queue, QueueJson::job));
        if (whole.body().length <= AnswerBudget.LAMBDA) {
            return whole;
        }
        AnswerBudget budget = new AnswerBudget(AnswerBudget.LAMBDA);
        return Response.json(json(queue, job -> QueueJson.job(job, budget)));
    }

    private static ObjectNode json(QueueView queue, Function<QueuedJob, ArrayNode> shown) {
        ObjectNode body = Json.object();
        body.putArray("queue_running").addAll(queue.running().stream().map(shown).toList());
        body.putArray("queue_pending").addAll(queue.pending().stream().map(shown).toList());
        return body;
    }
}
