package comfyserverless.vignette;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.NodePack;
import java.util.List;

/// What the pack's node is, for functions and runners.
public record VignettePack(String name, List<NodeDefinition> definitions) implements NodePack {
    static final NodeDefinition VIGNETTE =
            NodeDefinition.of("ExampleVignette", "custom_nodes.example-nodes")
                    .displayed("Vignette")
                    .category("example")
                    .required("image", InputSpec.link("IMAGE"))
                    .required("strength", InputSpec.decimal(0.5).between(0, 1).step(0.05))
                    .output("IMAGE")
                    .build();

    public VignettePack() {
        this("example-nodes", List.of(VIGNETTE));
    }
}
