package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A network with changes to what becomes of its predictions.
///
/// @param own the changes, after those that the model has itself
public record PatchedModel(NoiseModel model, List<SidesPatch> own) implements NoiseModel {

    public PatchedModel {
        own = List.copyOf(own);
    }

    @Override
    public ModelSampling sampling() {
        return model.sampling();
    }

    @Override
    public LatentFormat latentFormat() {
        return model.latentFormat();
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
    public List<SidesPatch> sidesPatches() {
        List<SidesPatch> all = new ArrayList<>(model.sidesPatches());
        all.addAll(own);
        return all;
    }
}
