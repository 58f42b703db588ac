package test.curve;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.NodePack;
import java.util.List;

public record CurvePack(String name, List<NodeDefinition> definitions) implements NodePack {
    static final NodeDefinition DRAW = draw("DrawCurve", "CURVE");
    static final NodeDefinition SKETCH = draw("SketchCurve", "SKETCH");
    static final NodeDefinition MEASURE =
            NodeDefinition.of("MeasureCurve", "custom_nodes.curve")
                    .required("curve", InputSpec.link("CURVE,SKETCH"))
                    .outputNode()
                    .build();

    public CurvePack() {
        this("curve", List.of(DRAW, SKETCH, MEASURE));
    }

    private static NodeDefinition draw(String name, String type) {
        return NodeDefinition.of(name, "custom_nodes.curve")
                .required("points", InputSpec.integer(3))
                .output(type)
                .output("STRING")
                .build();
    }
}
