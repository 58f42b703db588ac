package comfyserverless.diffusion.dit;

import static comfyserverless.diffusion.dit.Names.joined;
import static comfyserverless.diffusion.dit.Names.withBiases;

import comfyserverless.diffusion.model.DenoisingNetwork;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The network of Flux: predicts the direction of the flow in a latent (`Flux`, ldm/flux/model.py of ComfyUI 0.3.64).
///
/// Its widths and depths are those of the file; each block is one TorchScript call. Used on the device's thread.
public final class Flux implements DenoisingNetwork {

    private final Torch torch;
    private final Script script;
    private final FluxShape shape;
    private final DType weightType;
    private final Tensors imgIn;
    private final Tensors txtIn;
    private final Tensors timeIn;
    private final Tensors vectorIn;
    private final List<Tensors> guidanceIn;
    private final List<Tensors> doubleBlocks = new ArrayList<>();
    private final List<Tensors> singleBlocks = new ArrayList<>();
    private final Tensors head;

    /// Builds the model from weights under its prefix; they live as long as `owner` is open.
    public Flux(Torch torch, Weights weights, Scope owner) {
        this.torch = torch;
        this.script = torch.load(Flux.class, "flux.py");
        this.shape = FluxShape.of(weights.dict());
        this.weightType = weights.type();
        this.imgIn = weights.list(owner, withBiases("", "img_in"));
        this.txtIn = weights.list(owner, withBiases("", "txt_in"));
        this.timeIn = weights.list(owner, embedder("time_in."));
        this.vectorIn = weights.list(owner, embedder("vector_in."));
        this.guidanceIn =
                shape.guided() ? List.of(weights.list(owner, embedder("guidance_in."))) : List.of();
        for (int i = 0; i < shape.doubleBlocks(); i++) {
            String at = "double_blocks." + i + ".";
            doubleBlocks.add(weights.list(owner, joined(stream(at + "img_"), stream(at + "txt_"))));
        }
        for (int i = 0; i < shape.singleBlocks(); i++) {
            singleBlocks.add(weights.list(owner, single("single_blocks." + i + ".")));
        }
        this.head = weights.list(owner, withBiases("final_layer.", "linear", "adaLN_modulation.1"));
    }

    private static List<String> embedder(String start) {
        return withBiases(start, "in_layer", "out_layer");
    }

    private static List<String> stream(String start) {
        return joined(
                withBiases(start, "mod.lin", "attn.qkv"),
                norms(start + "attn."),
                withBiases(start, "attn.proj", "mlp.0", "mlp.2"));
    }

    private static List<String> single(String start) {
        return joined(
                withBiases(start, "linear1", "linear2"),
                norms(start),
                withBiases(start, "modulation.lin"));
    }

    private static List<String> norms(String start) {
        return List.of(start + "norm.query_norm.scale", start + "norm.key_norm.scale");
    }

    @Override
    public int inputChannels() {
        return shape.channels();
    }

    @Override
    public Optional<Integer> contextWidth() {
        return Optional.of(shape.contextWidth());
    }

    @Override
    public long workingBytes(long batch, long height, long width) {
        return shape.workingBytes(batch, height, width);
    }

    @Override
    public Steered under(NoiseModel.Context context, Scope owner) {
        Given given = Given.of(torch, context, owner);
        return (x, t) -> forward(given.with(x, t));
    }

    /// The predicted direction for a batch: (batch, channels, height, width), in the current scope.
    public Tensor forward(Inputs inputs) {
        return forward(inputs, ModuleObserver.NONE);
    }

    /// [#forward(Inputs)] under the eyes of an observer.
    public Tensor forward(Inputs inputs, ModuleObserver observer) {
        try (Scope scope = torch.scope()) {
            Tensor x = inputs.x().to(weightType, torch.device());
            Tensor context = inputs.context().to(weightType, torch.device());
            Tensor img = script.call("patches").with(x).with(imgIn).tensor();
            observer.saw("img_in", img);
            Tensor vec = vector(inputs, observer);
            Tensor txt = script.call("linear").with(context).with(txtIn).tensor();
            observer.saw("txt_in", txt);
            Tensors places =
                    script.call("rope")
                            .with(img)
                            .with(txt.size(1))
                            .with((x.size(2) + 1) / 2)
                            .with((x.size(3) + 1) / 2)
                            .tensors();
            Tensor tokens = run(img, txt, vec, places, observer);
            observer.saw("final_layer", tokens);
            return scope.out(
                    script.call("picture").with(tokens).with(x.size(2)).with(x.size(3)).tensor());
        }
    }

    /// silu of time, guidance and pooled text, embedded and summed.
    private Tensor vector(Inputs inputs, ModuleObserver observer) {
        Tensor vec = script.call("sinusoids").with(inputs.timesteps()).with(timeIn).tensor();
        observer.saw("time_in", vec);
        Tensor guidance = inputs.guidance();
        if (guidance != null) {
            for (Tensors weights : guidanceIn) {
                Tensor told = script.call("told").with(guidance).with(weights).tensor();
                observer.saw("guidance_in", told);
                vec = vec.add(told);
            }
        }
        Tensor pooled =
                inputs.vector().slice(1, 0, shape.vectorWidth()).to(weightType, torch.device());
        Tensor text = script.call("two_layers").with(pooled).with(vectorIn).tensor();
        observer.saw("vector_in", text);
        return script.call("silu").with(vec.add(text)).tensor();
    }

    private Tensor run(
            Tensor img, Tensor txt, Tensor vec, Tensors places, ModuleObserver observer) {
        try (Scope scope = torch.scope()) {
            Tensor picture = img;
            Tensor text = txt;
            for (int i = 0; i < doubleBlocks.size(); i++) {
                try (Scope block = torch.scope()) {
                    Tensors both =
                            script.call("double_block")
                                    .with(picture)
                                    .with(text)
                                    .with(vec)
                                    .with(places)
                                    .with(doubleBlocks.get(i))
                                    .with(shape.heads())
                                    .tensors();
                    picture = block.out(part(both, 0));
                    text = block.out(part(both, 1));
                }
                observer.saw("double_blocks." + i, picture);
            }
            Tensor all = script.call("joined").with(picture).with(text).tensor();
            for (int i = 0; i < singleBlocks.size(); i++) {
                all =
                        script.call("single_block")
                                .with(all)
                                .with(vec)
                                .with(places)
                                .with(singleBlocks.get(i))
                                .with(shape.heads())
                                .tensor();
                observer.saw("single_blocks." + i, all);
            }
            return scope.out(
                    script.call("head").with(all).with(text.size(1)).with(vec).with(head).tensor());
        }
    }

    private Tensor part(Tensors parts, int index) {
        return script.call("part").with(parts).with(index).tensor();
    }
}
