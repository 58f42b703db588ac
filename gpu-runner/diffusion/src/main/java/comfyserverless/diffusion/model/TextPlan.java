package comfyserverless.diffusion.model;

import comfyserverless.diffusion.weights.StateDict;
import java.util.List;

/// The text encoders that were found in one or more files.
///
/// @param parts each encoder's weights, named as its code names them
public record TextPlan(TextDesign design, List<StateDict> parts) {
    public TextPlan {
        parts = List.copyOf(parts);
    }
}
