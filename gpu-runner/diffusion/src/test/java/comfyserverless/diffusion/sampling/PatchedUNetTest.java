package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.guidance.AttentionFactors;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where a patch reaches into a transformer it runs in steps; they give what the one call gives.
class PatchedUNetTest {
    private static final double TOLERANCE = 1e-6;
    private static final HostTensor X = SyntheticTensors.tensor("in/x4", 1f, 0f, 1, 4, 16, 16);
    private static final float[] TIMESTEPS = {500};

    @Test
    void a_patch_that_changes_nothing_gives_what_no_patch_gives() {
        NoiseModel model = ReducedSd15.checkpoint().model();
        NoiseModel.Context context =
                new NoiseModel.Context(ReducedSd15.prompt("pos", 77).context(), Map.of());
        BlockPatch nothing = new AttentionFactors(false, 1, 1, 1, 1);
        NoiseModel.Inside inside =
                new NoiseModel.Inside(List.of(nothing), List.of(Side.POSITIVE), 1);
        Agreement.assertAgrees(
                "in steps",
                model.predict(X, TIMESTEPS, context, inside),
                model.predict(X, TIMESTEPS, context),
                TOLERANCE);
    }
}
