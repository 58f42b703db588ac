package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;

/// How a model family's latents are scaled for its network and what their channels look like
/// (latent_formats.py, ComfyUI 0.3.64).
///
/// @param channels channels of a latent
/// @param scale factor between the autoencoder's scale and the network's
/// @param shift what is taken off before scaling
/// @param rgb red, green and blue of each channel, for previews; in −1…1 when summed
public record LatentFormat(int channels, double scale, double shift, List<List<Double>> rgb) {

    /// Stable Diffusion 1.x.
    public static final LatentFormat SD15 =
            new LatentFormat(
                    4,
                    0.18215,
                    0,
                    List.of(
                            List.of(0.3512, 0.2297, 0.3227),
                            List.of(0.3250, 0.4974, 0.2350),
                            List.of(-0.2829, 0.1762, 0.2721),
                            List.of(-0.2120, -0.2616, -0.7177)));

    public LatentFormat {
        rgb = rgb.stream().map(List::copyOf).toList();
    }

    /// From the autoencoder's scale to the network's.
    HostTensor toNetwork(HostTensor latent) {
        return shift == 0 ? Latents.times(scale, latent) : scaled(latent, scale, -shift * scale);
    }

    /// From the network's scale to the autoencoder's.
    HostTensor fromNetwork(HostTensor latent) {
        float[] in = latent.data();
        float[] out = new float[in.length];
        float divisor = (float) scale;
        float offset = (float) shift;
        for (int i = 0; i < in.length; i++) {
            out[i] = in[i] / divisor + offset;
        }
        return new HostTensor(out, latent.shape());
    }

    private static HostTensor scaled(HostTensor latent, double factor, double offset) {
        float[] in = latent.data();
        float[] out = new float[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = (float) (in[i] * factor + offset);
        }
        return new HostTensor(out, latent.shape());
    }
}
