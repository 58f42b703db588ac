package comfyserverless.example;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.NodePack;
import java.util.List;

/// What the pack's node is, for functions and runners. Functions know nothing of node-api: the class that runs the node is
/// not named here.
public final class ExamplePack implements NodePack {
    static final String NAME = "example-extension";

    static final NodeDefinition ASK =
            NodeDefinition.of("ExampleAskThePage", "custom_nodes." + NAME)
                    .displayed("Ask the Page")
                    .category("example")
                    .required("question", InputSpec.text().preset("What shall it say?"))
                    .output("STRING", "answer")
                    .build();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<NodeDefinition> definitions() {
        return List.of(ASK);
    }
}
