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

    /// Stable Diffusion 3 and 3.5.
    public static final LatentFormat SD3 =
            new LatentFormat(
                    16,
                    1.5305,
                    0.0609,
                    List.of(),
                    List.of(
                            List.of(-0.0922, -0.0175, 0.0749),
                            List.of(0.0311, 0.0633, 0.0954),
                            List.of(0.1994, 0.0927, 0.0458),
                            List.of(0.0856, 0.0339, 0.0902),
                            List.of(0.0587, 0.0272, -0.0496),
                            List.of(-0.0006, 0.1104, 0.0309),
                            List.of(0.0978, 0.0306, 0.0427),
                            List.of(-0.0042, 0.1038, 0.1358),
                            List.of(-0.0194, 0.0020, 0.0669),
                            List.of(-0.0488, 0.0130, -0.0268),
                            List.of(0.0922, 0.0988, 0.0951),
                            List.of(-0.0278, 0.0524, -0.0542),
                            List.of(0.0332, 0.0456, 0.0895),
                            List.of(-0.0069, -0.0030, -0.0810),
                            List.of(-0.0596, -0.0465, -0.0293),
                            List.of(-0.1448, -0.1463, -0.1189)),
                    List.of(0.2394, 0.2135, 0.1925));

    /// Flux.
    public static final LatentFormat FLUX =
            new LatentFormat(
                    16,
                    0.3611,
                    0.1159,
                    List.of(),
                    List.of(
                            List.of(-0.0346, 0.0244, 0.0681),
                            List.of(0.0034, 0.0210, 0.0687),
                            List.of(0.0275, -0.0668, -0.0433),
                            List.of(-0.0174, 0.0160, 0.0617),
                            List.of(0.0859, 0.0721, 0.0329),
                            List.of(0.0004, 0.0383, 0.0115),
                            List.of(0.0405, 0.0861, 0.0915),
                            List.of(-0.0236, -0.0185, -0.0259),
                            List.of(-0.0245, 0.0250, 0.1180),
                            List.of(0.1008, 0.0755, -0.0421),
                            List.of(-0.0515, 0.0201, 0.0011),
                            List.of(0.0428, -0.0012, -0.0036),
                            List.of(0.0817, 0.0765, 0.0749),
                            List.of(-0.1264, -0.0522, -0.1103),
                            List.of(-0.0280, -0.0881, -0.0499),
                            List.of(-0.1262, -0.0982, -0.0778)),
                    List.of(-0.0329, -0.0718, -0.0851));

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
