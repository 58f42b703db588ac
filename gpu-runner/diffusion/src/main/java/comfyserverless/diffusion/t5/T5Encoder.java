package comfyserverless.diffusion.t5;

import comfyserverless.diffusion.text.T5Tokenizer;
import comfyserverless.diffusion.text.Token;
import comfyserverless.diffusion.text.WeightedToken;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.TensorEntry;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The encoder of T5 1.1 with prompt weights (`T5` and `ClipTokenWeightEncoder`, ComfyUI 0.3.64). Tokens attend to the
/// padding too, as the models that read it were trained. May be called from any thread.
public final class T5Encoder {

    private final Torch torch;
    private final Script script;
    private final T5Shape shape;
    private final Tensors weights;

    /// Builds the encoder from weights under its prefix, on the device's thread; they live as long as `owner` is open.
    ///
    /// @param source given in the type in which they are to be held
    public T5Encoder(Torch torch, Weights source, Scope owner) {
        this.torch = torch;
        this.script = torch.load(T5Encoder.class, "t5.py");
        this.shape = T5Shape.of(source.dict());
        this.weights = source.list(owner, T5Names.all(source.dict(), shape));
    }

    /// Whether a file holds a T5 encoder.
    public static boolean isIn(StateDict dict) {
        return dict.contains(T5Names.POSITIONS) && dict.contains(T5Names.NORM);
    }

    /// The type in which the encoder of a file is held: its own if that has at most 16 bits, else float16, as ComfyUI
    /// does.
    public static DType heldAs(StateDict dict) {
        TensorEntry norm = dict.entry(T5Names.NORM);
        return norm.dtype().bytes() <= DType.F16.bytes() ? norm.dtype() : DType.F16;
    }

    public T5Shape shape() {
        return shape;
    }

    /// Encodes a prompt.
    ///
    /// @param chunk its tokens with end and padding
    /// @param layer which layer's output to take, counted from the end; empty for the last. All pass through the final
    ///     norm.
    /// @return what the network reads: (1, tokens, width)
    public HostTensor encode(List<WeightedToken> chunk, OptionalInt layer) {
        int skipped = -1 - layer.orElse(-1);
        int layers =
                skipped >= 0 && skipped < shape.layers()
                        ? shape.layers() - skipped
                        : shape.layers();
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                boolean weighted = chunk.stream().anyMatch(token -> token.weight() != 1.0);
                Tensor hidden = run(chunk, weighted, layers);
                return weighted
                        ? script.call("weigh").with(hidden).with(weightsOf(chunk)).tensor().toHost()
                        : hidden.toHost();
            }
        });
    }

    /// @param withEmpty whether an empty prompt of the same length goes along as a second item
    private Tensor run(List<WeightedToken> chunk, boolean withEmpty, int layers) {
        int length = chunk.size();
        long[] ids = new long[withEmpty ? 2 * length : length];
        List<Long> places = new ArrayList<>();
        List<Tensor> vectors = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            switch (chunk.get(i).token()) {
                case Token.Id(int id) -> ids[i] = checked(id);
                case Token.Vector(float[] values) -> {
                    places.add((long) i);
                    vectors.add(torch.fromHost(values, shape.width()));
                }
            }
        }
        if (withEmpty) {
            ids[length] = T5Tokenizer.END;
        }
        return script.call("encode")
                .with(torch.fromHost(ids, withEmpty ? 2 : 1, length))
                .withLongs(places.stream().mapToLong(Long::longValue).toArray())
                .with(torch.list(vectors))
                .with(weights)
                .with(shape.heads())
                .with(layers)
                .tensor();
    }

    private int checked(int id) {
        if (id < 0 || id >= shape.vocabulary()) {
            throw new IllegalArgumentException(
                    "token %d is not among the %d of this text encoder"
                            .formatted(id, shape.vocabulary()));
        }
        return id;
    }

    private Tensor weightsOf(List<WeightedToken> chunk) {
        float[] numbers = new float[chunk.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) chunk.get(i).weight();
        }
        return torch.fromHost(new HostTensor(numbers, 1, numbers.length, 1));
    }
}
