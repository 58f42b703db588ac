package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.Map;
import java.util.Optional;

/// What the vector of a prompt is made of (`encode_adm`, ComfyUI 0.3.64).
enum VectorKind {
    /// There is none: Stable Diffusion 1 and 2.
    NONE {
        @Override
        Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame) {
            return Map.of();
        }
    },
    /// The pooled text and six sizes: Stable Diffusion XL.
    SIZES {
        @Override
        Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame) {
            double height = prompt.number(PromptNumber.HEIGHT, frame.height() * (double) PIXELS);
            double width = prompt.number(PromptNumber.WIDTH, frame.width() * (double) PIXELS);
            return pooledWith(
                    prompt,
                    height,
                    width,
                    prompt.number(PromptNumber.CROP_HEIGHT, 0),
                    prompt.number(PromptNumber.CROP_WIDTH, 0),
                    prompt.number(PromptNumber.TARGET_HEIGHT, height),
                    prompt.number(PromptNumber.TARGET_WIDTH, width));
        }
    },
    /// The pooled text, four sizes and the aesthetic score: the refiner of Stable Diffusion XL.
    SIZES_AND_SCORE {
        @Override
        Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame) {
            return pooledWith(
                    prompt,
                    prompt.number(PromptNumber.HEIGHT, frame.height() * (double) PIXELS),
                    prompt.number(PromptNumber.WIDTH, frame.width() * (double) PIXELS),
                    prompt.number(PromptNumber.CROP_HEIGHT, 0),
                    prompt.number(PromptNumber.CROP_WIDTH, 0),
                    prompt.number(
                            PromptNumber.AESTHETIC_SCORE,
                            frame.negative() ? NEGATIVE_SCORE : POSITIVE_SCORE));
        }
    };

    /// Pixels to a place of the latent, in each direction.
    private static final int PIXELS = 8;

    private static final double POSITIVE_SCORE = 6;
    private static final double NEGATIVE_SCORE = 2.5;

    /// Numbers of the sinusoids that each size becomes.
    static final int WIDTH = 256;

    private static final int SIZES_COUNT = 6;
    private static final int SCORED_COUNT = 5;

    private static final int POOLED = 1280;

    /// What the vector's width tells; the rest of it is the pooled text's.
    ///
    /// @return empty when it is none of these
    static Optional<VectorKind> of(int vectorWidth) {
        return switch (vectorWidth) {
            case 0 -> Optional.of(NONE);
            case POOLED + SIZES_COUNT * WIDTH -> Optional.of(SIZES);
            case POOLED + SCORED_COUNT * WIDTH -> Optional.of(SIZES_AND_SCORE);
            default -> Optional.empty();
        };
    }

    abstract Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame);

    private static Map<Extra, HostTensor> pooledWith(Conditioning prompt, double... sizes) {
        HostTensor pooled = prompt.pooled();
        if (pooled == null) {
            throw new IllegalArgumentException(
                    "this model takes the pooled text of a prompt, which this one lacks: encode it by the text encoders of Stable Diffusion XL");
        }
        float[] numbers = new float[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            numbers[i] = (float) sizes[i];
        }
        return Map.of(Extra.VECTOR, pooled, Extra.SIZES, new HostTensor(numbers, 1, sizes.length));
    }
}
