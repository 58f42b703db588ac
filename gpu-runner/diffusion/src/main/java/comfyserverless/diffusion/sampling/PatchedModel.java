package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A network under patches.
public final class PatchedModel implements NoiseModel {

    private final NoiseModel model;
    private final List<ModelPatch> patches;
    private final ModelSampling sampling;
    private final LatentFormat format;

    /// A network under its own patches and then these.
    public PatchedModel(NoiseModel model, List<? extends ModelPatch> own) {
        this.model = model;
        this.patches = new ArrayList<>(model.patches());
        patches.addAll(own);
        ModelSampling levels = model.sampling();
        LatentFormat latents = model.latentFormat();
        for (ModelPatch patch : own) {
            if (patch instanceof ModelPatch.Levels other) {
                levels = other.levels(levels);
                latents = other.format(latents);
            }
        }
        this.sampling = levels;
        this.format = latents;
    }

    @Override
    public ModelSampling sampling() {
        return sampling;
    }

    @Override
    public LatentFormat latentFormat() {
        return format;
    }

    @Override
    public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
        return model.predict(x, timesteps, context);
    }

    @Override
    public Map<Extra, HostTensor> extras(Conditioning prompt, Frame frame) {
        return model.extras(prompt, frame);
    }

    @Override
    public HostTensor predict(HostTensor x, float[] timesteps, Context context, Inside inside) {
        return model.predict(x, timesteps, context, inside);
    }

    @Override
    public List<ModelPatch> patches() {
        return List.copyOf(patches);
    }
}
