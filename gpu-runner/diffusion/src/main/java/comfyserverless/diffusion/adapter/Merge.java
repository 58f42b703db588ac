package comfyserverless.diffusion.adapter;

import comfyserverless.diffusion.weights.Weights;

/// Another model's weights put into a model's (`ModelMerge…` nodes, ComfyUI 0.3.64). Equal for the same weights as they
/// are held now.
///
/// @param other under the same names; what is missing there, or of another shape, stays as it is
/// @param ratios how much of each
public record Merge(Weights other, MergeRatios ratios) implements WeightChange {}
