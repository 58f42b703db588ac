package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A network under patches.
///
/// @param own the patches, after those that the model has itself
public record PatchedModel(NoiseModel model, List<? extends ModelPatch> own) implements NoiseModel {

    public PatchedModel {
        own = List.copyOf(own);
    }

    @Override
    public ModelSampling sampling() {
        ModelSampling sampling = model.sampling();
        for (ModelPatch patch : own) {
            sampling =
                    patch instanceof ModelPatch.Levels levels ? levels.levels(sampling) : sampling;
        }
        return sampling;
    }

    @Override
    public LatentFormat latentFormat() {
        LatentFormat format = model.latentFormat();
        for (ModelPatch patch : own) {
            format = patch instanceof ModelPatch.Levels levels ? levels.format(format) : format;
        }
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
        List<ModelPatch> all = new ArrayList<>(model.patches());
        all.addAll(own);
        return all;
    }
}
