package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.guidance.AttentionFactors;
import comfyserverless.diffusion.guidance.Downscaling;
import comfyserverless.diffusion.guidance.FreeU;
import comfyserverless.diffusion.guidance.MiddleValues;
import comfyserverless.diffusion.guidance.MiddleWatcher;
import comfyserverless.diffusion.sampling.BlockPatch;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.Side;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What patches change inside a UNet during one pass. A transformer that none of them reaches runs as one call.
final class PassPatches {

    /// Nothing is changed.
    static final PassPatches NONE =
            new PassPatches(null, new NoiseModel.Inside(List.of(), List.of(), 0), 0);

    private static final String MIDDLE = "middle_block.";

    private final @Nullable Script script;
    private final NoiseModel.Inside inside;
    private final int modelChannels;

    /// @param script of patches.py; null where there are no patches
    PassPatches(@Nullable Script script, NoiseModel.Inside inside, int modelChannels) {
        this.script = script;
        this.inside = inside;
        this.modelChannels = modelChannels;
    }

    private <P extends BlockPatch> List<P> all(Class<P> kind) {
        return inside.patches().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private Script script() {
        if (script == null) {
            throw new IllegalStateException("there are no patches");
        }
        return script;
    }

    /// Whether a transformer has to run in steps.
    boolean reach(String block) {
        return !all(AttentionFactors.class).isEmpty()
                || (block.startsWith(MIDDLE)
                        && (!all(MiddleValues.class).isEmpty()
                                || !all(MiddleWatcher.class).isEmpty()));
    }

    /// One attention of a transformer.
    ///
    /// @param block the spatial transformer's name
    /// @param number of the transformer block in it
    record Attention(String block, int number, Tensors weights, int heads, boolean cross) {}

    /// What an attention adds to the tokens.
    Tensor attention(Tensor tokens, Tensor context, Attention at) {
        boolean middle = at.block().startsWith(MIDDLE) && !at.cross();
        if (middle && at.number() == 0) {
            all(MiddleWatcher.class).forEach(watcher -> show(watcher, tokens, at));
        }
        double q = 1;
        double k = 1;
        double v = 1;
        double out = 1;
        for (AttentionFactors factors : all(AttentionFactors.class)) {
            if (factors.cross() == at.cross()) {
                q *= factors.q();
                k *= factors.k();
                v *= factors.v();
                out *= factors.out();
            }
        }
        return script().call("attention")
                .with(tokens)
                .with(context)
                .with(at.weights())
                .with(at.number())
                .with(at.cross() ? 1 : 0)
                .with(at.heads())
                .with(q)
                .with(k)
                .with(v)
                .with(out)
                .with(middle && !all(MiddleValues.class).isEmpty() ? 1 : 0)
                .tensor();
    }

    private void show(MiddleWatcher watcher, Tensor tokens, Attention at) {
        int part = inside.parts().indexOf(Side.NEGATIVE);
        if (part < 0) {
            return;
        }
        long items = tokens.size(0) / inside.parts().size();
        watcher.saw(
                script().call("looked_at")
                        .with(tokens)
                        .with(at.weights())
                        .with(at.number())
                        .with(at.heads())
                        .with(part * items)
                        .with((part + 1) * items)
                        .tensor()
                        .toHost());
    }

    /// What an input block hands to its skip connection (`skip`) or on to the next block.
    Tensor afterInput(Tensor h, int block, boolean skip) {
        Tensor changed = h;
        for (Downscaling patch : all(Downscaling.class)) {
            if (patch.afterSkip() != skip && patch.acts(block, inside.sigma())) {
                long height = Math.round(Math.rint(changed.size(2) / patch.factor()));
                long width = Math.round(Math.rint(changed.size(3) / patch.factor()));
                changed = resized(changed, height, width, patch.down());
            }
        }
        return changed;
    }

    private Tensor resized(Tensor x, long height, long width, String method) {
        return script().call("resize").with(x).with(height).with(width).with(method).tensor();
    }

    /// What an output block gets from below and from its skip connection.
    record Joint(Tensor h, Tensor skip) {}

    Joint beforeOutput(Tensor h, Tensor skip) {
        Joint joint = new Joint(h, skip);
        for (BlockPatch patch : inside.patches()) {
            if (patch instanceof FreeU free) {
                joint = strengthened(joint, free);
            } else if (patch instanceof Downscaling scaling
                    && joint.h().size(2) != joint.skip().size(2)) {
                joint =
                        new Joint(
                                resized(
                                        joint.h(),
                                        joint.skip().size(2),
                                        joint.skip().size(3),
                                        scaling.up()),
                                joint.skip());
            }
        }
        return joint;
    }

    private Joint strengthened(Joint joint, FreeU free) {
        long channels = joint.h().size(1);
        boolean coarsest = channels == modelChannels * 4L;
        if (!coarsest && channels != modelChannels * 2L) {
            return joint;
        }
        return new Joint(
                script().call("backbone")
                        .with(joint.h())
                        .with(coarsest ? free.b1() : free.b2())
                        .with(free.second() ? 1 : 0)
                        .tensor(),
                script().call("fourier")
                        .with(joint.skip())
                        .with(coarsest ? free.s1() : free.s2())
                        .tensor());
    }
}
