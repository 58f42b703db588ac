package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// What the shapes in a checkpoint say about its autoencoder.
///
/// @param latentChannels channels of a latent: 4 in Stable Diffusion 1.x
/// @param encoderBlocks residual blocks in each encoder level, finest first
/// @param decoderBlocks residual blocks in each decoder level, coarsest first (the order in which they run)
/// @param widest channels at full resolution
public record VaeShape(
        int latentChannels, List<Integer> encoderBlocks, List<Integer> decoderBlocks, int widest) {

    /// Tensors of the widest kind that live at once, with what the convolutions take for themselves (measured: SD1.5 at
    /// 512² peaks at 1.0 GB, four of 256 channels).
    private static final long LIVING = 4;

    public VaeShape {
        encoderBlocks = List.copyOf(encoderBlocks);
        decoderBlocks = List.copyOf(decoderBlocks);
    }

    static VaeShape of(StateDict dict) {
        List<Integer> encoder = new ArrayList<>();
        for (int level = 0; level < dict.countIndexed("encoder.down."); level++) {
            encoder.add(dict.countIndexed("encoder.down." + level + ".block."));
        }
        List<Integer> decoder = new ArrayList<>();
        for (int level = dict.countIndexed("decoder.up.") - 1; level >= 0; level--) {
            decoder.add(dict.countIndexed("decoder.up." + level + ".block."));
        }
        int channels = Math.toIntExact(dict.entry("decoder.conv_in.weight", 4).size(1));
        long decoderWidest = dict.entry("decoder.up.0.block.0.norm1.weight", 1).size(0);
        long encoderWidest = dict.entry("encoder.conv_in.weight", 4).size(0);
        int widest = Math.toIntExact(Math.max(decoderWidest, encoderWidest));
        return new VaeShape(channels, encoder, decoder, widest);
    }

    /// Memory that encoding or decoding one picture of so many pixels takes, in bytes.
    long workingBytes(long pixels) {
        return LIVING * widest * Float.BYTES * pixels;
    }

    /// Pixels to one latent position, in each direction: 8 in Stable Diffusion 1.x.
    public int factor() {
        return 1 << (decoderBlocks.size() - 1);
    }
}
