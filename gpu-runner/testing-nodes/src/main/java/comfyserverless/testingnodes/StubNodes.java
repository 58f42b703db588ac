package comfyserverless.testingnodes;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Outputs;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Nodes that make a value out of nothing.
final class StubNodes {
    private StubNodes() {}

    static List<TestingNode> all() {
        return List.of(
                TestingNode.of("StubImage", (in, c) -> Outputs.of(picture(in))),
                TestingNode.of("StubConstantImage", (in, c) -> Outputs.of(constant(in))),
                TestingNode.of("StubMask", (in, c) -> Outputs.of(mask(in))),
                TestingNode.of("StubInt", (in, c) -> Outputs.of(in.json("value"))),
                TestingNode.of("StubFloat", (in, c) -> Outputs.of(in.json("value"))));
    }

    private static Image picture(Inputs in) {
        return switch (in.text("content")) {
            case "WHITE" -> filled(in, 1);
            case "NOISE" -> noise(filled(in, 0));
            default -> filled(in, 0);
        };
    }

    private static Image noise(Image image) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < image.data().length; i++) {
            image.data()[i] = random.nextFloat();
        }
        return image;
    }

    private static Image constant(Inputs in) {
        return filled(in, in.decimal("value"));
    }

    private static Image filled(Inputs in, double value) {
        return Tensor.filled(
                        in.integer("batch_size"), in.integer("height"), in.integer("width"), value)
                .image();
    }

    private static Mask mask(Inputs in) {
        return Mask.filled(
                in.integer("batch_size"),
                in.integer("height"),
                in.integer("width"),
                (float) in.decimal("value"));
    }
}
