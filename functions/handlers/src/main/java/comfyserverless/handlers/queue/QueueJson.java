package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.AnswerBudget;

/// A job as `/queue` and `/history` show it: `[number, prompt_id, prompt, extra_data, outputs]`.
public final class QueueJson {
    private static final double EXACT = 1L << 53;

    private QueueJson() {}

    public static ArrayNode job(QueuedJob job) {
        ArrayNode tuple = Json.mapper().createArrayNode();
        tuple.add(number(job.number())).add(job.promptId());
        tuple.add(job.body().prompt()).add(job.body().extraData());
        ArrayNode outputs = tuple.addArray();
        job.body().outputsToExecute().forEach(outputs::add);
        return tuple;
    }

    /// The job as it is, or, where the answer would grow too long, with an empty graph and no extra
    /// data but the client's id.
    public static ArrayNode job(QueuedJob job, AnswerBudget budget) {
        ArrayNode whole = job(job);
        if (budget.takes(whole)) {
            return whole;
        }
        ArrayNode brief = Json.mapper().createArrayNode();
        brief.add(whole.get(0)).add(whole.get(1)).add(Json.object());
        ObjectNode extraData = brief.addObject();
        if (job.body().extraData().has("client_id")) {
            extraData.set("client_id", job.body().extraData().get("client_id"));
        }
        return brief.add(whole.get(4));
    }

    /// Whole numbers without a fraction, as the counter gives them.
    public static JsonNode number(double number) {
        return number == Math.rint(number) && Math.abs(number) < EXACT
                ? LongNode.valueOf((long) number)
                : DoubleNode.valueOf(number);
    }
}
