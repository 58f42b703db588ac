package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;

import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;

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

    /// Whole numbers without a fraction, as the counter gives them.
    public static JsonNode number(double number) {
        return number == Math.rint(number) && Math.abs(number) < EXACT
                ? LongNode.valueOf((long) number)
                : DoubleNode.valueOf(number);
    }
}
