package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.node.ChoiceSource;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import java.util.Map;

/// Which model files a node names: where results outlive a runner, a file that took the place of another
/// must not be mistaken for it.
final class ModelIdentity {
    private final Models models;
    private final String tenant;

    ModelIdentity(Models models, String tenant) {
        this.models = models;
        this.tenant = tenant;
    }

    /// Size and time of each model file that the node's inputs name; empty if they name none.
    String of(GraphNode node, NodeDefinition definition) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, JsonNode> input : node.inputs().entrySet()) {
            if (input.getValue().isTextual()
                    && definition.input(input.getKey()) instanceof InputSpec.Choice choice) {
                append(text, choice.source(), input.getValue().textValue());
            }
        }
        return text.toString();
    }

    private void append(StringBuilder text, ChoiceSource source, String name) {
        switch (source) {
            case ChoiceSource.ModelFolder folder -> append(text, folder.folder(), name);
            case ChoiceSource.WhenThere one when one.choice().equals(name) ->
                    models.list(tenant, one.folder()).stream()
                            .map(ModelFile::name)
                            .filter(file -> one.beginnings().stream().anyMatch(file::startsWith))
                            .forEach(file -> append(text, one.folder(), file));
            case ChoiceSource.Joined joined ->
                    joined.parts().forEach(part -> append(text, part, name));
            case ChoiceSource.Fixed _, ChoiceSource.InputFolder _, ChoiceSource.WhenThere _ -> {}
        }
    }

    private void append(StringBuilder text, String folder, String name) {
        models.find(tenant, folder, name)
                .ifPresent(file ->
                        text.append(folder)
                                .append(' ')
                                .append(file.size())
                                .append(' ')
                                .append(file.modified())
                                .append(';'));
    }
}
