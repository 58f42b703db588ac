package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What a client queued, after validation: the coerced graph, the extra data without its secrets,
/// and the ids of the output nodes to run.
public record PromptBody(ObjectNode prompt, ObjectNode extraData, List<String> outputsToExecute) {
    public PromptBody {
        outputsToExecute = List.copyOf(outputsToExecute);
    }
}
