package comfyserverless.diffusion.adapter;

import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Optional;

/// Another model's weights put into a model's (`ModelMerge…` nodes, ComfyUI 0.3.64). Equal for the same weights as they
/// are held now.
///
/// @param other the weights of each of its parts, under the same names; what is missing there, or of another shape, stays
///     as it is
/// @param ratios how much of each
public record Merge(List<Weights> other, MergeRatios ratios) implements WeightChange {

    public Merge {
        other = List.copyOf(other);
    }

    /// The other model's weight; empty where it has none of that name.
    Optional<Tensor> weight(int part, String name) {
        return part < other.size() && other.get(part).keptNames().contains(name)
                ? Optional.of(other.get(part).get(name))
                : Optional.empty();
    }
}
