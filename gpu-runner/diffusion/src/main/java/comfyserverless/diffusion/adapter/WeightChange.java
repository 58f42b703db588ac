package comfyserverless.diffusion.adapter;

/// A change of a model's weights. Changes are laid on in their order; equal ones give equal weights.
public sealed interface WeightChange permits AppliedLora, Merge {}
