package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.weights.StateDict;
import java.util.Optional;

/// What the shapes in a checkpoint say about its UNet.
///
/// @param inputChannels channels of the first convolution: 4, or 9 with an inpainting mask and picture
/// @param outputChannels channels of the prediction: 4
/// @param modelChannels width of the finest level, and of the sinusoidal time embedding
/// @param contextWidth numbers per token that cross-attention reads; empty when no transformer is there
/// @param vectorWidth numbers of the vector of a prompt; 0 when it takes none
/// @param heads attention heads
record UNetShape(
        int inputChannels,
        int outputChannels,
        int modelChannels,
        Optional<Integer> contextWidth,
        int vectorWidth,
        Heads heads) {

    private static final String CONTEXT_KEY = ".transformer_blocks.0.attn2.to_k.weight";
    private static final String VECTOR_KEY = "label_emb.0.0.weight";

    /// Bytes for each latent position, item and channel of the finest level: its transformer's feed-forward and the skip
    /// connections.
    private static final long WORKING_BYTES = 100;

    /// Memory that a pass over a batch takes, in bytes.
    long workingBytes(long batch, long height, long width) {
        return WORKING_BYTES * modelChannels * batch * height * width;
    }

    static UNetShape of(StateDict dict) {
        Optional<Integer> context =
                dict.names().stream()
                        .filter(name -> name.endsWith(CONTEXT_KEY))
                        .findFirst()
                        .map(name -> Math.toIntExact(dict.entry(name, 2).size(1)));
        return new UNetShape(
                Math.toIntExact(dict.entry("input_blocks.0.0.weight", 4).size(1)),
                Math.toIntExact(dict.entry("out.2.weight", 4).size(0)),
                Math.toIntExact(dict.entry("time_embed.0.weight", 2).size(1)),
                context,
                dict.contains(VECTOR_KEY) ? Math.toIntExact(dict.entry(VECTOR_KEY, 2).size(1)) : 0,
                Heads.of(dict));
    }
}
