package comfyserverless.diffusion.model;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.weights.StateDict;
import java.util.List;

/// The text encoders that were found in one or more files.
///
/// @param parts each encoder's weights, named as its code names them
public record TextPlan(TextDesign design, List<StateDict> parts) {
    public TextPlan {
        parts = List.copyOf(parts);
    }

    /// The type in which an encoder is held.
    ///
    /// @param part which one, from 0
    public DType heldAs(int part, DType preferred) {
        return design.heldAs(part, parts.get(part), preferred);
    }
}
