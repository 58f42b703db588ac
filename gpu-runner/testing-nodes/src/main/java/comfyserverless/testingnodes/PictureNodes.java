package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import comfyserverless.contract.json.PythonText;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.List;

/// Nodes that compute a picture at once: mixing, averaging, and those around change marks and validation.
final class PictureNodes {
    static final int SIDE = 512;

    private PictureNodes() {}

    static List<TestingNode> all() {
        List<TestingNode> nodes = new ArrayList<>();
        nodes.add(
                TestingNode.of("TestLazyMixImages", (in, c) -> mix(in))
                        .lazy(PictureNodes::neededForMix));
        nodes.add(TestingNode.of("TestVariadicAverage", (in, c) -> average(in)).variadic());
        nodes.add(
                TestingNode.of("TestCustomIsChanged", (in, c) -> Outputs.of(in.value("image")))
                        .marked(PictureNodes::asked));
        nodes.add(
                TestingNode.of("TestIsChangedWithConstants", (in, c) -> scaled(in))
                        .marked(in -> in.json("value")));
        for (int i = 1; i <= 5; i++) {
            nodes.add(TestingNode.of("TestCustomValidation" + i, (in, c) -> product(in)));
        }
        nodes.add(TestingNode.of("TestOutputNodeWithSocketOutput", (in, c) -> scaled(in)));
        nodes.add(
                TestingNode.of(
                        "TestAsyncValidation", (in, c) -> constant(in.decimal("value") / 10)));
        nodes.add(
                TestingNode.of(
                        "TestAsyncValidationError",
                        (in, c) -> constant(in.decimal("value") / in.decimal("max_value"))));
        return nodes;
    }

    static Outputs constant(double value) {
        return Outputs.of(square(value));
    }

    static Image square(double value) {
        return Tensor.filled(1, SIDE, SIDE, value).image();
    }

    private static JsonNode asked(Inputs in) {
        boolean always = in.has("should_change") && Truth.of(in.value("should_change"));
        return always ? DoubleNode.valueOf(Double.NaN) : BooleanNode.FALSE;
    }

    private static List<String> neededForMix(Inputs in) {
        Tensor mask = Tensor.of(in.mask("mask"));
        List<String> needed = new ArrayList<>();
        if (!in.has("image1") && !mask.isAll(1)) {
            needed.add("image1");
        }
        if (!in.has("image2") && !mask.isAll(0)) {
            needed.add("image2");
        }
        return needed;
    }

    private static Outputs mix(Inputs in) {
        Tensor mask = Tensor.of(in.mask("mask"));
        if (mask.isAll(0)) {
            return Outputs.of(in.value("image1"));
        }
        if (mask.isAll(1)) {
            return Outputs.of(in.value("image2"));
        }
        Tensor first = Tensor.of(in.image("image1"));
        Tensor second = Tensor.of(in.image("image2"));
        return Outputs.of(first.times(mask.complement()).plus(second.times(mask)).image());
    }

    private static Outputs average(Inputs in) {
        List<Tensor> pictures = new ArrayList<>();
        pictures.add(Tensor.of(in.image("input1")));
        for (int i = 2; in.find("input" + i).isPresent(); i++) {
            pictures.add(Tensor.of(in.image("input" + i)));
        }
        return Outputs.of(Tensor.mean(pictures).image());
    }

    private static Outputs scaled(Inputs in) {
        Tensor image = Tensor.of(in.image("image"));
        return Outputs.of(image.times(Tensor.of(in.decimal("value"))).image());
    }

    /// Two numbers give a picture of their product.
    private static Outputs product(Inputs in) {
        Value first = in.value("input1");
        Value second = in.value("input2");
        if (first instanceof Value.Json && second instanceof Value.Json) {
            return constant(in.decimal("input1") * in.decimal("input2"));
        }
        return Outputs.of(factor(first).times(factor(second)).image());
    }

    private static Tensor factor(Value value) {
        return switch (value) {
            case Image image -> Tensor.of(image);
            case Value.Json json when json.node().isNumber() ->
                    Tensor.of(json.node().doubleValue());
            case Value.Json json ->
                    throw new NodeException(
                            "TypeError",
                            "a picture cannot be multiplied by " + PythonText.repr(json.node()));
            default ->
                    throw new NodeException(
                            "TypeError", "a picture cannot be multiplied by " + value);
        };
    }
}
