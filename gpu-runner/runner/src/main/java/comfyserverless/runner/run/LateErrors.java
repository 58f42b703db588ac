package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.prompt.LateValidation;
import comfyserverless.contract.prompt.NodeErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a pack's validators refuse when the runner has the prompt, in the words that POST /prompt uses when
/// the functions have the pack.
final class LateErrors {
    private LateErrors() {}

    /// One failure for each refused node.
    ///
    /// @param nodeIds the nodes of the prompt
    static List<Event.NodeFailure> of(
            LateValidation.Found found, DynamicGraph graph, Collection<String> nodeIds) {
        List<Event.NodeFailure> failures = new ArrayList<>();
        for (Map.Entry<String, NodeErrors.OfNode> each : found.errors().byNode().entrySet()) {
            GraphNode node = graph.node(each.getKey());
            NodeErrors.OfNode refused = each.getValue();
            String message =
                    refused.errors().stream()
                            .map(error -> error.message() + ": " + error.details())
                            .collect(Collectors.joining("\n"));
            Event.NodeFailure failure =
                    Failures.bare(node, refused.errors().getFirst().type(), message);
            failures.add(Failures.withOutputs(failure, nodeIds));
        }
        return failures;
    }
}
