package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// A change of a model that leaves its weights alone: nodes lay them on, one over the other (`ModelPatcher.model_options`
/// and object patches, ComfyUI 0.3.64). Patches are values; what changes during a run belongs to [#begun].
public sealed interface ModelPatch
        permits BlockPatch,
                ModelPatch.Combination,
                ModelPatch.Levels,
                ModelPatch.Mask,
                ModelPatch.Result,
                SidesPatch {

    /// The patch of one run: another object where it remembers something from step to step.
    default ModelPatch begun() {
        return this;
    }

    /// Whether negative prompts are evaluated even where guidance does not need them.
    default boolean needsNegative() {
        return false;
    }

    /// Another numbering of noise levels, another kind of prediction (`add_object_patch("model_sampling")`).
    non-sealed interface Levels extends ModelPatch {
        ModelSampling levels(ModelSampling before);

        default LatentFormat format(LatentFormat before) {
            return before;
        }
    }

    /// Puts the two sides of guidance together in another way (`set_model_sampler_cfg_function`); the last one counts.
    non-sealed interface Combination extends ModelPatch {
        HostTensor combine(SidesPatch.Sides sides, GuidanceStep step);
    }

    /// Changes the guided result (`set_model_sampler_post_cfg_function`).
    non-sealed interface Result extends ModelPatch {
        HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step);
    }

    /// Changes where a masked run samples at a step (`set_model_denoise_mask_function`); the last one counts.
    non-sealed interface Mask extends ModelPatch {
        /// The mask of a noise level.
        ///
        /// @param mask 1 where to sample, 0 where to keep
        /// @param sigmas of the whole run
        HostTensor at(float sigma, HostTensor mask, Sigmas sigmas, ModelSampling model);
    }
}
