package comfyserverless.runner.testing;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// What the testing nodes do with pictures.
final class Pictures {
    private Pictures() {}

    static Image filled(int batch, int height, int width, double value) {
        Image image = Image.black(batch, height, width);
        Arrays.fill(image.data(), (float) value);
        return image;
    }

    private static Image computed(Image like, IntToDoubleFunction value) {
        float[] data = new float[like.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) value.applyAsDouble(i);
        }
        return new Image(data, like.batch(), like.height(), like.width(), like.channels());
    }

    static Outputs stub(Inputs in) {
        int batch = in.integer("batch_size");
        Image black = Image.black(batch, in.integer("height"), in.integer("width"));
        Random random = new Random(1);
        return switch (in.text("content")) {
            case "WHITE" -> Outputs.of(computed(black, i -> 1));
            case "NOISE" -> Outputs.of(computed(black, i -> random.nextFloat()));
            default -> Outputs.of(black);
        };
    }

    static Outputs constant(Inputs in) {
        return Outputs.of(
                filled(
                        in.integer("batch_size"),
                        in.integer("height"),
                        in.integer("width"),
                        in.decimal("value")));
    }

    static Outputs mask(Inputs in) {
        return Outputs.of(
                Mask.filled(
                        in.integer("batch_size"),
                        in.integer("height"),
                        in.integer("width"),
                        (float) in.decimal("value")));
    }

    static Outputs times(Inputs in) {
        Image image = in.image("image");
        double factor = in.decimal("value");
        return Outputs.of(computed(image, i -> image.data()[i] * (float) factor));
    }

    static List<String> neededForMix(Inputs in) {
        float[] mask = in.mask("mask").data();
        float least = least(mask);
        float most = most(mask);
        return Arrays.asList(least < 1f ? "image1" : "", most > 0f ? "image2" : "").stream()
                .filter(name -> !name.isEmpty() && !in.has(name))
                .toList();
    }

    static Outputs mix(Inputs in) {
        Mask mask = in.mask("mask");
        if (most(mask.data()) == 0f) {
            return Outputs.of(in.image("image1"));
        }
        if (least(mask.data()) == 1f) {
            return Outputs.of(in.image("image2"));
        }
        Image first = in.image("image1");
        Image second = in.image("image2");
        int channels = first.channels();
        return Outputs.of(
                computed(
                        first,
                        i -> {
                            float share = mask.data()[i / channels % mask.data().length];
                            return first.data()[i] * (1f - share) + second.data()[i] * share;
                        }));
    }

    static Outputs average(Inputs in) {
        List<Image> images =
                in.values().values().stream()
                        .filter(Image.class::isInstance)
                        .map(Image.class::cast)
                        .toList();
        return Outputs.of(
                computed(
                        images.getFirst(),
                        i -> images.stream().mapToDouble(m -> m.data()[i]).average().orElse(0)));
    }

    /// Whether a value counts as true; a tensor does unless it is all zero.
    static boolean truth(Value value) {
        return switch (value) {
            case Image image -> most(image.data()) != 0f || least(image.data()) != 0f;
            case Value.Json json ->
                    json.node().isTextual()
                            ? !json.node().textValue().isEmpty()
                            : json.node().asDouble(0) != 0 || json.node().asBoolean();
            default -> true;
        };
    }

    private static float least(float[] data) {
        return (float) IntStream.range(0, data.length).mapToDouble(i -> data[i]).min().orElse(0);
    }

    private static float most(float[] data) {
        return (float) IntStream.range(0, data.length).mapToDouble(i -> data[i]).max().orElse(0);
    }
}
