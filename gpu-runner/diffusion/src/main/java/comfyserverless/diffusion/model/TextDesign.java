package comfyserverless.diffusion.model;

import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;

/// How a family's text encoders are put together of one or more sets of weights.
public interface TextDesign {

    /// Builds them of weights that live as long as `owner` is open, on the device's thread.
    ///
    /// @param parts each encoder's weights, in the type in which they are held, in the order of the [TextPlan]
    PromptEncoder build(Torch torch, List<Weights> parts, Scope owner);

    /// The type in which one encoder is held.
    ///
    /// @param part which one, from 0
    /// @param preferred what the settings say
    default DType heldAs(int part, StateDict weights, DType preferred) {
        return preferred;
    }

    /// One encoder's weights by each name that adapter files call them by.
    ///
    /// @param part which one, from 0
    Map<String, String> adapterNames(int part, StateDict weights);
}
