package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import java.time.Instant;
import java.util.List;

/// The history entries of jobs that no runner could bring to an end.
final class LostJobs {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private LostJobs() {}

    static JobResult failed(Claim claim, Instant now) {
        String text = "the runner was lost " + JobSettings.MOST_TRIES + " times";
        Event.NodeFailure failure =
                new Event.NodeFailure(
                        "",
                        "",
                        "RunnerLost",
                        text,
                        List.of(),
                        JSON.objectNode(),
                        JSON.objectNode());
        return result(
                JobResult.End.ERROR,
                claim,
                new Event.ExecutionError(
                        claim.key().promptId(), failure, List.of(), now.toEpochMilli()));
    }

    static JobResult interrupted(Claim claim, Instant now) {
        return result(
                JobResult.End.INTERRUPTED,
                claim,
                new Event.ExecutionInterrupted(
                        claim.key().promptId(), "", "", List.of(), now.toEpochMilli()));
    }

    private static JobResult result(JobResult.End end, Claim claim, Event last) {
        ArrayNode messages = JSON.arrayNode();
        add(messages, new Event.ExecutionStart(claim.key().promptId(), claim.at().toEpochMilli()));
        add(messages, last);
        ObjectNode none = JSON.objectNode();
        return new JobResult(end, none, messages, none);
    }

    private static void add(ArrayNode messages, Event event) {
        messages.addArray().add(EventJson.type(event)).add(EventJson.data(event));
    }
}
