package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.sampling.ControlModel;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/// A ControlNet of Stable Diffusion 1, 2 or XL: the first half of a UNet that also sees a picture, and gives what is to be added
/// in the second half of the one that it steers (cldm.py). Used on the device's thread; closing frees its weights.
public final class ControlNet implements ControlModel, AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final Script script;
    private final Script blocks;
    private final DType weightType;
    private final boolean averaged;
    private final TimeEmbedding embedding;
    private final Tensors hint;
    private final int hintLayers;
    private final List<List<Block>> inputs;
    private final List<Tensors> projections;
    private final List<Block> middle;
    private final Tensors middleProjection;

    private ControlNet(Torch torch, Weights weights, Scope owner, boolean averaged) {
        StateDict dict = weights.dict();
        refuseOthers(dict);
        this.torch = torch;
        this.owner = owner;
        this.averaged = averaged;
        this.script = torch.load(ControlNet.class, "control.py");
        this.blocks = torch.load(UNet.class, "unet.py");
        this.weightType = weights.type();
        BlockReader reader = new BlockReader(weights, owner, Heads.of(dict));
        this.embedding = new TimeEmbedding(torch, dict, reader, weightType);
        List<String> hints = new ArrayList<>();
        while (dict.contains("input_hint_block." + 2 * hints.size() + ".weight")) {
            hints.add("input_hint_block." + 2 * hints.size());
        }
        this.hintLayers = hints.size();
        this.hint = list(reader, hints.toArray(String[]::new));
        this.inputs = reader.stages("input_blocks");
        this.projections = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            projections.add(list(reader, "zero_convs." + i + ".0"));
        }
        this.middle = reader.stage("middle_block");
        this.middleProjection = list(reader, "middle_block_out.0");
    }

    private static void refuseOthers(StateDict dict) {
        if (dict.containsUnder("task_embedding") || dict.containsUnder("control_add_embedding.")) {
            throw new ModelFileException(
                    dict.file(),
                    "a ControlNet of several kinds in one (union), which cannot be run so far");
        }
    }

    private static Tensors list(BlockReader reader, String... modules) {
        return reader.list(BlockReader.withBiases(List.of(modules)));
    }

    /// Builds the model on the device's thread.
    ///
    /// @param weights under its prefix (`control_model.`), in the type in which it computes
    /// @param averaged whether what it gives is replaced by its mean over the places (the shuffle model)
    public static ControlNet of(Torch torch, Weights weights, boolean averaged) {
        return torch.holding(owner -> new ControlNet(torch, weights, owner, averaged));
    }

    /// Every second of its picture's convolutions halves the picture.
    @Override
    public int factor() {
        return 1 << ((hintLayers - 1) / 2);
    }

    /// What its picture is to it, whatever the noise: computed once for all steps, in the current scope.
    ///
    /// @param pictures (batch or 1, 3, factor × height, factor × width)
    public Tensor seen(Tensor pictures) {
        return script.call("hint")
                .with(pictures.to(weightType, torch.device()))
                .with(hint)
                .tensor();
    }

    /// What is to be added to a UNet's second half, in the current scope.
    ///
    /// @param x noisy latents, scaled as the UNet gets them: (batch, 4, height, width)
    /// @param timesteps (batch)
    /// @param given what the UNet is given, but for the residuals
    /// @param seen from [#seen]
    /// @param strength factor of it all
    public Residuals forward(
            Tensor x, Tensor timesteps, UNetGiven given, Tensor seen, double strength) {
        Tensor activated = embedding.of(timesteps, given.vector(), UNetObserver.NONE);
        Tensor read = given.context().to(weightType, torch.device());
        Block.Pass pass = new Block.Pass(blocks, activated, read, UNetObserver.NONE);
        List<Tensor> outputs = new ArrayList<>();
        Tensor h = x.to(weightType, torch.device());
        for (int i = 0; i < inputs.size(); i++) {
            h = run(inputs.get(i), h, pass);
            if (i == 0) {
                h = h.add(seen);
            }
            outputs.add(projected(h, projections.get(i), strength));
        }
        return new Residuals(outputs, projected(run(middle, h, pass), middleProjection, strength));
    }

    private static Tensor run(List<Block> stage, Tensor x, Block.Pass pass) {
        Tensor h = x;
        for (Block block : stage) {
            h = block.run(h, pass);
        }
        return h;
    }

    private Tensor projected(Tensor h, Tensors weights, double strength) {
        return script.call("projected")
                .with(h)
                .with(weights)
                .with(averaged ? 1 : 0)
                .with(strength)
                .tensor();
    }

    @Override
    public void close() {
        torch.run(() -> {
            owner.close();
            torch.trim();
        });
    }
}
