package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Changes what a network sees with the positive and with the negative prompts before guidance puts them together
/// (`set_model_sampler_pre_cfg_function`, ComfyUI 0.3.64).
@FunctionalInterface
public non-sealed interface SidesPatch extends ModelPatch {

    /// Denoised latents in the network's scale, (batch, channels, height, width) each.
    ///
    /// @param negative zeros where the negative prompts do not count
    record Sides(HostTensor positive, HostTensor negative) {}

    Sides apply(Sides sides, GuidanceStep step);
}
