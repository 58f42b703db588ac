package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What patches of guidance may know and ask at one evaluation.
public final class GuidanceStep {

    private final Guidance guidance;
    private final HostTensor x;
    private final float sigma;
    private final double scale;
    private final Side positive;
    private final @Nullable Side negative;

    /// @param positive the side that counts as positive
    /// @param negative the side that counts as negative; null where none was evaluated
    GuidanceStep(
            Guidance guidance,
            HostTensor x,
            float sigma,
            double scale,
            Side positive,
            @Nullable Side negative) {
        this.guidance = guidance;
        this.x = x;
        this.sigma = sigma;
        this.scale = scale;
        this.positive = positive;
        this.negative = negative;
    }

    /// The noisy latents, (batch, channels, height, width).
    public HostTensor x() {
        return x;
    }

    public float sigma() {
        return sigma;
    }

    /// How strongly the prompts are followed.
    public double scale() {
        return scale;
    }

    public boolean hasNegative() {
        return negative != null;
    }

    /// What the network sees with the positive prompts under further patches: one evaluation more.
    public HostTensor seePositive(List<BlockPatch> further) {
        return see(positive, x, further);
    }

    /// What the network sees behind other latents with the negative prompts: one evaluation more; zeros where there are
    /// no negative prompts.
    public HostTensor seeNegative(HostTensor otherX) {
        return negative == null ? HostTensor.zeros(x.shape()) : see(negative, otherX, List.of());
    }

    /// What the network sees with prompts that are none of the run's: one evaluation more.
    public HostTensor seeOther(List<Conditioning> prompts) {
        return guidance.with(prompts)
                .evaluate(List.of(Side.NEGATIVE), x, sigma)
                .sees(Side.NEGATIVE);
    }

    private HostTensor see(Side side, HostTensor at, List<BlockPatch> further) {
        return guidance.under(further).evaluate(List.of(side), at, sigma).sees(side);
    }

    /// What was seen with each side that was asked for.
    record Seen(Map<Side, HostTensor> sides, HostTensor nothing) {
        Seen {
            sides = Map.copyOf(sides);
        }

        /// Zeros for a side that was not asked for.
        HostTensor sees(Side side) {
            HostTensor seen = sides.get(side);
            return seen == null ? nothing : seen;
        }
    }
}
