package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/// Builds blocks from the names in a checkpoint: what stands under `input_blocks.3.1` tells what it is.
final class BlockReader {

    private static final List<String> RESIDUAL =
            List.of("in_layers.0", "in_layers.2", "emb_layers.1", "out_layers.0", "out_layers.3");
    private static final List<String> ATTENTION =
            List.of(
                    "to_q.weight",
                    "to_k.weight",
                    "to_v.weight",
                    "to_out.0.weight",
                    "to_out.0.bias");

    private final Weights weights;
    private final StateDict dict;
    private final Scope owner;
    private final Heads heads;

    BlockReader(Weights weights, Scope owner, Heads heads) {
        this.weights = weights;
        this.dict = weights.dict();
        this.owner = owner;
        this.heads = heads;
    }

    /// All stages `start.0`, `start.1`, …, each a list of blocks that run one after another.
    List<List<Block>> stages(String start) {
        List<List<Block>> stages = new ArrayList<>();
        int count = dict.countIndexed(start + ".");
        for (int i = 0; i < count; i++) {
            stages.add(stage(start + "." + i));
        }
        return List.copyOf(stages);
    }

    /// The blocks `start.0`, `start.1`, …
    List<Block> stage(String start) {
        List<Block> blocks = new ArrayList<>();
        int count = dict.countIndexed(start + ".");
        for (int i = 0; i < count; i++) {
            blocks.add(block(start + "." + i));
        }
        return List.copyOf(blocks);
    }

    /// A list of weights under these names.
    Tensors list(List<String> names) {
        return weights.list(owner, names);
    }

    /// `names` each with `.weight` and `.bias`.
    static List<String> withBiases(List<String> names) {
        List<String> all = new ArrayList<>();
        for (String name : names) {
            all.add(name + ".weight");
            all.add(name + ".bias");
        }
        return all;
    }

    private Block block(String name) {
        if (dict.contains(name + ".in_layers.0.weight")) {
            return residual(name);
        }
        if (dict.contains(name + ".transformer_blocks.0.attn1.to_q.weight")) {
            return transformer(name);
        }
        if (dict.contains(name + ".op.weight")) {
            return new Block.Convolution(name, list(withBiases(List.of(name + ".op"))), 2);
        }
        if (dict.contains(name + ".conv.weight")) {
            return new Block.Upsampling(name, list(withBiases(List.of(name + ".conv"))));
        }
        if (dict.contains(name + ".weight")) {
            return new Block.Convolution(name, list(withBiases(List.of(name))), 1);
        }
        throw new ModelFileException(
                dict.file(),
                "the UNet's module " + name + " is none of those of Stable Diffusion 1, 2 and XL");
    }

    private Block residual(String name) {
        List<String> modules = new ArrayList<>();
        RESIDUAL.forEach(module -> modules.add(name + "." + module));
        if (dict.contains(name + ".skip_connection.weight")) {
            modules.add(name + ".skip_connection");
        }
        return new Block.Residual(name, list(withBiases(modules)));
    }

    private Block transformer(String name) {
        List<String> names =
                withBiases(List.of(name + ".norm", name + ".proj_in", name + ".proj_out"));
        int depth = dict.countIndexed(name + ".transformer_blocks.");
        for (int i = 0; i < depth; i++) {
            String at = name + ".transformer_blocks." + i;
            names.addAll(withBiases(List.of(at + ".norm1")));
            ATTENTION.forEach(part -> names.add(at + ".attn1." + part));
            names.addAll(withBiases(List.of(at + ".norm2")));
            ATTENTION.forEach(part -> names.add(at + ".attn2." + part));
            names.addAll(
                    withBiases(List.of(at + ".norm3", at + ".ff.net.0.proj", at + ".ff.net.2")));
        }
        return new Block.SpatialTransformer(name, list(names), evenHeads(name), depth);
    }

    private int evenHeads(String name) {
        long width = dict.entry(name + ".transformer_blocks.0.attn1.to_q.weight", 2).size(0);
        int count = heads.in(width);
        if (width % count != 0) {
            throw new ModelFileException(
                    dict.file(),
                    "the UNet's %s is %d wide, which %d attention heads do not divide"
                            .formatted(name, width, count));
        }
        return count;
    }
}
