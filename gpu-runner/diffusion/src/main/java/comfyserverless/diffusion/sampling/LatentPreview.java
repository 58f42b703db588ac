package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;

/// A picture of a latent without its autoencoder, one pixel per position: each channel has a colour
/// (`Latent2RGBPreviewer`, ComfyUI 0.3.64).
///
/// @param rgb three bytes a pixel, row by row
@SuppressWarnings("ArrayRecordComponent") // a picture is not compared
public record LatentPreview(int width, int height, byte[] rgb) {

    /// The picture of a batch's first item.
    ///
    /// @param latent in the network's scale: (batch, channels, height, width)
    public static LatentPreview of(LatentFormat format, HostTensor latent) {
        int height = Math.toIntExact(latent.size(2));
        int width = Math.toIntExact(latent.size(3));
        int plane = height * width;
        float[] z = latent.data();
        byte[] out = new byte[3 * plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int colour = 0; colour < 3; colour++) {
                float sum = format.bias().get(colour).floatValue();
                for (int channel = 0; channel < format.rgb().size(); channel++) {
                    List<Double> colours = format.rgb().get(channel);
                    sum += z[channel * plane + pixel] * colours.get(colour).floatValue();
                }
                out[3 * pixel + colour] = (byte) (int) (Math.clamp((sum + 1f) / 2f, 0f, 1f) * 255f);
            }
        }
        return new LatentPreview(width, height, out);
    }
}
