package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.Token;
import comfyserverless.diffusion.text.WeightedToken;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// CLIP's text encoder in the layout of `CLIPTextModel` (transformers), with prompt weights (`ClipTokenWeightEncoder`,
/// ComfyUI 0.3.64). May be called from any thread.
public final class ClipEncoder {

    private static final Logger LOG = LoggerFactory.getLogger(ClipEncoder.class);

    private final Torch torch;
    private final Script script;

    private final ClipSettings settings;
    private final ClipShape shape;
    private final Tensors weights;

    /// Builds the encoder on the device's thread.
    ///
    /// @param source weights under its prefix (`cond_stage_model.transformer.text_model.`), given in the type in which
    ///     they are to be held; they live as long as `owner` is open
    public ClipEncoder(Torch torch, Weights source, Scope owner, ClipSettings settings) {
        this.settings = settings;
        this.torch = torch;
        this.script = torch.load(ClipEncoder.class, "clip.py");

        this.shape = ClipShape.of(source.dict());
        this.weights = source.list(owner, ClipNames.all(source.dict(), shape));
    }

    public ClipShape shape() {
        return shape;
    }

    public ClipSettings settings() {
        return settings;
    }

    /// Encodes a prompt's chunks and joins them.
    ///
    /// @param chunks each of as many tokens as the encoder has positions, start and end token included
    /// @param layer which layer's output to take, counted from the end: -1 the last, -2 the one before (clip skip 2);
    ///     empty for the one of the settings. Layers that are not there give the encoder's result.
    public ClipEncoding encode(List<List<WeightedToken>> chunks, OptionalInt layer) {
        return encode(chunks, List.of(layer)).getFirst();
    }

    /// [#encode(List, OptionalInt)] for several layers in one pass.
    ///
    /// @return one encoding for each layer asked for, all with the same pooled vector
    public List<ClipEncoding> encode(List<List<WeightedToken>> chunks, List<OptionalInt> layers) {
        if (chunks.isEmpty()) {
            throw new IllegalArgumentException("a prompt has at least one chunk");
        }
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                return encodeHere(chunks, layers);
            }
        });
    }

    private List<ClipEncoding> encodeHere(
            List<List<WeightedToken>> chunks, List<OptionalInt> layers) {
        boolean weighted =
                chunks.stream().flatMap(List::stream).anyMatch(token -> token.weight() != 1.0);
        List<List<WeightedToken>> rows = new ArrayList<>(chunks);
        if (weighted) {
            rows.add(emptyChunk(chunks.getFirst()));
        }
        int[] indexes = layers.stream().mapToInt(this::index).toArray();
        int[] distinct = Arrays.stream(indexes).sorted().distinct().toArray();
        Tensors parts = run(rows, distinct);
        HostTensor pooled = part(parts, distinct.length).slice(0, 0, 1).toHost();
        List<ClipEncoding> encodings = new ArrayList<>();
        for (int index : indexes) {
            Tensor hidden = part(parts, Arrays.binarySearch(distinct, index));
            if (weighted) {
                hidden = script.call("weigh").with(hidden).with(weightsOf(chunks)).tensor();
            }
            Tensor joined = script.call("join").with(hidden).with(chunks.size()).tensor();
            encodings.add(new ClipEncoding(joined.toHost(), pooled));
        }
        return encodings;
    }

    /// A layer counted from the end as one counted from 0; the number of layers stands for the encoder's result.
    private int index(OptionalInt wanted) {
        int layer = wanted.orElse(settings.layer());
        return layer < 0 && -layer <= shape.layers() ? shape.layers() + layer : shape.layers();
    }

    private Tensor part(Tensors parts, int index) {
        return script.call("part").with(parts).with(index).tensor();
    }

    private Tensors run(List<List<WeightedToken>> rows, int[] layers) {
        int length = rows.getFirst().size();
        long[] ids = new long[rows.size() * length];
        long[] ends = new long[rows.size()];
        List<Long> places = new ArrayList<>();
        List<Tensor> vectors = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            ends[row] = length - 1L;
            List<Token> tokens = fitting(rows.get(row));
            for (int column = length - 1; column >= 0; column--) {
                switch (tokens.get(column)) {
                    case Token.Id(int id) -> {
                        ids[row * length + column] = checked(id);
                        ends[row] = id == ClipTokenizer.END ? column : ends[row];
                    }
                    case Token.Vector(float[] values) -> {
                        places.add((long) row);
                        places.add((long) column);
                        vectors.add(torch.fromHost(values, shape.width()));
                    }
                }
            }
        }
        return script.call("encode")
                .with(torch.fromHost(ids, rows.size(), length))
                .withLongs(places.stream().mapToLong(Long::longValue).toArray())
                .with(torch.list(vectors))
                .withLongs(ends)
                .with(weights)
                .with(shape.heads())
                .with(shape.layers())
                .with(settings.quick() ? 1 : 0)
                .with(settings.normed() ? 1 : 0)
                .with(settings.projected() ? 1 : 0)
                .withLongs(Arrays.stream(layers).asLongStream().toArray())
                .tensors();
    }

    /// A chunk without the vectors of another encoder's width, which are told and left out; padding makes it whole.
    private List<Token> fitting(List<WeightedToken> chunk) {
        List<Token> fitting = new ArrayList<>(chunk.size());
        for (WeightedToken token : chunk) {
            if (token.token() instanceof Token.Vector(float[] values)
                    && values.length != shape.width()) {
                LOG.warn(
                        "an embedding of width {} is left out: this text encoder takes {}",
                        values.length,
                        shape.width());
            } else {
                fitting.add(token.token());
            }
        }
        while (fitting.size() < chunk.size()) {
            fitting.add(new Token.Id(settings.padding()));
        }
        return fitting;
    }

    private int checked(int id) {
        if (id < 0 || id >= shape.vocabulary()) {
            throw new IllegalArgumentException(
                    "token %d is not among the %d of this text encoder"
                            .formatted(id, shape.vocabulary()));
        }
        return id;
    }

    /// What an empty prompt gives: start, end and padding.
    private List<WeightedToken> emptyChunk(List<WeightedToken> like) {
        List<WeightedToken> chunk = new ArrayList<>(like.size());
        for (int i = 0; i < like.size(); i++) {
            int after = i == 1 ? ClipTokenizer.END : settings.padding();
            int id = i == 0 ? ClipTokenizer.START : after;
            chunk.add(new WeightedToken(new Token.Id(id), 1.0, 0));
        }
        return chunk;
    }

    private Tensor weightsOf(List<List<WeightedToken>> chunks) {
        int length = chunks.getFirst().size();
        float[] numbers = new float[chunks.size() * length];
        int i = 0;
        for (List<WeightedToken> chunk : chunks) {
            for (WeightedToken token : chunk) {
                numbers[i++] = (float) token.weight();
            }
        }
        return torch.fromHost(new HostTensor(numbers, chunks.size(), length, 1));
    }
}
