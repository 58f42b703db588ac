package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Asks the validators of packs on the runner: functions that lack the pack have checked all the rest. A
/// validator that they have is asked again, which costs as little as it did there.
///
/// @param definitions by class name
/// @param validators a class's own validator, by class name
public record LateValidation(
        Function<String, Optional<NodeDefinition>> definitions,
        Function<String, Optional<NodeValidator>> validators) {
    /// What is left to run.
    ///
    /// @param outputs those of the output nodes that depend on no refused node
    /// @param errors by node, as an answer to POST /prompt shows them
    public record Found(List<String> outputs, NodeErrors errors) {
        public Found {
            outputs = List.copyOf(outputs);
        }
    }

    /// Judges a prompt that functions have found valid.
    ///
    /// @param outputs the output nodes that are to run
    public Found judge(ObjectNode prompt, List<String> outputs, NodeValidator.FilesThere files) {
        Map<String, NodeDefinition> classes = new LinkedHashMap<>();
        boolean any = false;
        for (Map.Entry<String, JsonNode> node : prompt.properties()) {
            String name = node.getValue().path("class_type").asText();
            any |= validators.apply(name).isPresent();
            definitions.apply(name).ifPresent(found -> classes.put(node.getKey(), found));
        }
        if (!any || classes.size() < prompt.size()) {
            return new Found(outputs, NodeErrors.NONE);
        }
        PromptValidator.Surroundings around =
                new PromptValidator.Surroundings(FolderLists.empty(), files);
        InputChecks checks = new InputChecks(prompt, classes, validators, around).ownOnly();
        GraphWalk walk = new GraphWalk(prompt, classes, checks);
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        outputs.forEach(output -> (walk.visit(output) ? good : bad).add(output));
        return new Found(good, walk.errors(bad));
    }
}
