package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.NetworkFamily;
import comfyserverless.diffusion.sampling.ContinuousSampling;
import comfyserverless.diffusion.sampling.DiscreteSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;

/// The UNets of Stable Diffusion 1, 2 and XL, told by their blocks' names. What they predict, their shapes do not tell:
/// with 2 the spread of one tensor does, with XL tensors without a use of their own beside the network
/// (`model_type` of supported_models.py, ComfyUI 0.3.64).
public final class UNetFamily implements NetworkFamily {

    /// The tensor whose spread tells the velocity models among those of Stable Diffusion 2, and the least it has there.
    private static final String SD2_TELLTALE = "output_blocks.11.1.transformer_blocks.0.norm1.bias";

    private static final double VELOCITY_SPREAD = 0.09;

    private static final int PLAIN_CHANNELS = 4;

    @Override
    public boolean knows(StateDict network) {
        return network.containsUnder("input_blocks.");
    }

    @Override
    public Architecture architecture(Weights network, Weights file) {
        UNetShape shape = UNetShape.of(network.dict());
        VectorKind vector = vector(shape, network.dict());
        return switch (vector) {
            case NONE ->
                    new UNetArchitecture(
                            DiscreteSampling.stableDiffusion(
                                    isVelocity(shape, network) ? Prediction.V : Prediction.EPSILON),
                            LatentFormat.SD15,
                            vector);
            case SIZES -> xl(file);
            case SIZES_AND_SCORE ->
                    new UNetArchitecture(
                            DiscreteSampling.stableDiffusion(Prediction.EPSILON),
                            LatentFormat.SDXL,
                            vector);
        };
    }

    private static VectorKind vector(UNetShape shape, StateDict network) {
        return VectorKind.of(shape.vectorWidth())
                .orElseThrow(() ->
                        new ModelFileException(
                                network.file(),
                                "its UNet takes vectors of %d numbers for prompts, as neither Stable Diffusion XL (2816) nor its refiner (2560) does"
                                        .formatted(shape.vectorWidth())));
    }

    private static boolean isVelocity(UNetShape shape, Weights network) {
        if (!shape.heads().areLater()
                || shape.inputChannels() != PLAIN_CHANNELS
                || !network.dict().contains(SD2_TELLTALE)) {
            return false;
        }
        return deviation(network.numbers(SD2_TELLTALE)) > VELOCITY_SPREAD;
    }

    private static UNetArchitecture xl(Weights file) {
        StateDict marks = file.dict();
        if (marks.contains("edm_mean") && marks.contains("edm_std")) {
            ModelSampling sampling = new ContinuousSampling(Prediction.EDM, 0.002, 80, 0.5);
            return new UNetArchitecture(sampling, LatentFormat.PLAYGROUND, VectorKind.SIZES);
        }
        return new UNetArchitecture(xlSampling(file), LatentFormat.SDXL, VectorKind.SIZES);
    }

    private static ModelSampling xlSampling(Weights file) {
        StateDict marks = file.dict();
        if (marks.contains("edm_vpred.sigma_max")) {
            double most = file.numbers("edm_vpred.sigma_max")[0];
            double least =
                    marks.contains("edm_vpred.sigma_min")
                            ? file.numbers("edm_vpred.sigma_min")[0]
                            : 0.002;
            return new ContinuousSampling(Prediction.V, least, most, 1);
        }
        if (!marks.contains("v_pred")) {
            return DiscreteSampling.stableDiffusion(Prediction.EPSILON);
        }
        DiscreteSampling velocity = DiscreteSampling.stableDiffusion(Prediction.V);
        return marks.contains("ztsnr") ? velocity.withZeroTerminalSnr() : velocity;
    }

    private static double deviation(float[] numbers) {
        double mean = 0;
        for (float number : numbers) {
            mean += number;
        }
        mean /= numbers.length;
        double squares = 0;
        for (float number : numbers) {
            squares += (number - mean) * (number - mean);
        }
        return Math.sqrt(squares / numbers.length);
    }
}
