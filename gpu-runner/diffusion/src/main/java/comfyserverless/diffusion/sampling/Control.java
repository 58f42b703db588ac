package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Steers a prompt by a picture, after the controls that it had before (`ControlBase`, ComfyUI 0.3.64). Prompts with the
/// very same control run in one batch.
public final class Control {

    private final ControlModel model;
    private final HostTensor picture;
    private final Reach reach;
    private final @Nullable Control previous;

    /// How strongly, and in which part of sampling.
    ///
    /// @param strength factor of what the network adds
    /// @param start share of sampling after which it applies
    /// @param end share of sampling up to which it applies
    /// @param untouched whether it steers the negative prompts too where none of them has a control
    public record Reach(double strength, double start, double end, boolean untouched) {}

    /// @param picture (batch, height, width, channels) of any size, from 0 to 1
    /// @param previous what steered the prompt so far
    public Control(
            ControlModel model, HostTensor picture, Reach reach, @Nullable Control previous) {
        this.model = model;
        this.picture = picture;
        this.reach = reach;
        this.previous = previous;
    }

    public ControlModel model() {
        return model;
    }

    public HostTensor picture() {
        return picture;
    }

    public Reach reach() {
        return reach;
    }

    public @Nullable Control previous() {
        return previous;
    }

    /// This and those before it, the first one first.
    public List<Control> chain() {
        List<Control> chain = new ArrayList<>();
        for (Control one = this; one != null; one = one.previous) {
            chain.addFirst(one);
        }
        return chain;
    }

    /// Those of the chain that apply at a noise level.
    List<Control> active(ModelSampling sampling, float sigma) {
        return chain().stream()
                .filter(one ->
                        sigma <= (float) sampling.percentToSigma(one.reach.start())
                                && sigma >= (float) sampling.percentToSigma(one.reach.end()))
                .toList();
    }
}
