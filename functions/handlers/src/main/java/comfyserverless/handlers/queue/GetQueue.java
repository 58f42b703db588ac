package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.AnswerBudget;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

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
        AnswerBudget budget = new AnswerBudget(AnswerBudget.LAMBDA);
        ObjectNode body = Json.object();
        ArrayNode running = body.putArray("queue_running");
        queue.running().forEach(job -> running.add(QueueJson.job(job, budget)));
        ArrayNode pending = body.putArray("queue_pending");
        queue.pending().forEach(job -> pending.add(QueueJson.job(job, budget)));
        return Response.json(body);
    }
}
