package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

import java.util.List;

/// How a model family's latents are scaled for its network and what their channels look like
/// (latent_formats.py, ComfyUI 0.3.64).
///
/// @param channels channels of a latent
/// @param scale factor between the autoencoder's scale and the network's
/// @param shift what is taken off before scaling
/// @param spreads each channel's own mean and deviation, which are taken out besides; empty for none
/// @param rgb red, green and blue of each channel, for previews; in −1…1 when summed
/// @param bias red, green and blue that are added to the sum
public record LatentFormat(
        int channels,
        double scale,
        double shift,
        List<Spread> spreads,
        List<List<Double>> rgb,
        List<Double> bias) {

    private static final List<Double> NO_BIAS = List.of(0.0, 0.0, 0.0);

    /// How a channel's numbers lie.
    public record Spread(double mean, double deviation) {}

    /// Stable Diffusion 1 and 2.
    public static final LatentFormat SD15 =
            new LatentFormat(
                    4,
                    0.18215,
                    0,
                    List.of(),
                    List.of(
                            List.of(0.3512, 0.2297, 0.3227),
                            List.of(0.3250, 0.4974, 0.2350),
                            List.of(-0.2829, 0.1762, 0.2721),
                            List.of(-0.2120, -0.2616, -0.7177)),
                    NO_BIAS);

    /// Stable Diffusion XL and its refiner.
    public static final LatentFormat SDXL =
            new LatentFormat(
                    4,
                    0.13025,
                    0,
                    List.of(),
                    List.of(
                            List.of(0.3651, 0.4232, 0.4341),
                            List.of(-0.2533, -0.0042, 0.1068),
                            List.of(0.1076, 0.1111, -0.0362),
                            List.of(-0.3165, -0.2492, -0.2188)),
                    List.of(0.1084, -0.0175, -0.0011));

    /// Playground 2.5, a Stable Diffusion XL that was trained after Karras et al.
    public static final LatentFormat PLAYGROUND =
            new LatentFormat(
                    4,
                    0.5,
                    0,
                    List.of(
                            new Spread(-1.6574, 8.4927),
                            new Spread(1.886, 5.9022),
                            new Spread(-1.383, 6.5498),
                            new Spread(2.5155, 5.2299)),
                    List.of(
                            List.of(0.3920, 0.4054, 0.4549),
                            List.of(-0.2634, -0.0196, 0.0653),
                            List.of(0.0568, 0.1687, -0.0755),
                            List.of(-0.3112, -0.2359, -0.2076)),
                    NO_BIAS);

    public LatentFormat {
        spreads = List.copyOf(spreads);
        rgb = rgb.stream().map(List::copyOf).toList();
        bias = List.copyOf(bias);
    }

    /// From the autoencoder's scale to the network's.
    HostTensor toNetwork(HostTensor latent) {
        if (!spreads.isEmpty()) {
            return eachChannel(
                    latent,
                    (z, spread) ->
                            (z - (float) spread.mean())
                                    * (float) scale
                                    / (float) spread.deviation());
        }
        return shift == 0 ? Latents.times(scale, latent) : scaled(latent, scale, -shift * scale);
    }

    /// From the network's scale to the autoencoder's.
    HostTensor fromNetwork(HostTensor latent) {
        if (!spreads.isEmpty()) {
            return eachChannel(
                    latent,
                    (z, spread) ->
                            z * (float) spread.deviation() / (float) scale + (float) spread.mean());
        }
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

    @FunctionalInterface
    private interface Scaling {
        float of(float z, Spread spread);
    }

    private HostTensor eachChannel(HostTensor latent, Scaling scaling) {
        float[] in = latent.data();
        float[] out = new float[in.length];
        int plane = (int) (latent.size(2) * latent.size(3));
        for (int i = 0; i < in.length; i++) {
            out[i] = scaling.of(in[i], spreads.get(i / plane % spreads.size()));
        }
        return new HostTensor(out, latent.shape());
    }
}
