package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;

/// What the shapes in a file say about its MMDiT.
///
/// @param channels channels of a latent: 16
/// @param width numbers per token inside: 1,536 in SD3 medium, 2,432 in SD3.5 large
/// @param contextWidth numbers per token of the text: 4,096
/// @param vectorWidth numbers of the pooled text: 2,048
/// @param blocks joint blocks: 24 in SD3 medium, 38 in SD3.5 large
/// @param normed whether queries and keys are normed, as in SD3.5
/// @param side rows and columns of the table of positions: 192
public record MmditShape(
        int channels,
        int width,
        int contextWidth,
        int vectorWidth,
        int blocks,
        boolean normed,
        int side) {

    private static final int HEAD_WIDTH = 64;
    private static final int PATCH = 2;

    /// Bytes for each token and number inside: modulated input, queries, keys, values, the feed-forward part.
    private static final long WORKING_BYTES = 100;

    /// Attention heads: always 64 numbers each.
    public int heads() {
        return width / HEAD_WIDTH;
    }

    /// Memory that a pass over a batch takes, in bytes.
    public long workingBytes(long batch, long height, long width) {
        return WORKING_BYTES * this.width * batch * ((height + 1) / 2) * ((width + 1) / 2);
    }

    static MmditShape of(StateDict dict) {
        long patch = dict.entry("x_embedder.proj.weight", 4).size(2);
        if (patch != PATCH || dict.containsUnder("context_processor.")) {
            throw new ModelFileException(
                    dict.file(),
                    "a transformer like Stable Diffusion 3's, but with %s, which cannot be run so far"
                            .formatted(
                                    patch == PATCH
                                            ? "a context processor"
                                            : "patches of " + patch));
        }
        return new MmditShape(
                Math.toIntExact(dict.entry("x_embedder.proj.weight", 4).size(1)),
                Math.toIntExact(dict.entry("x_embedder.proj.weight", 4).size(0)),
                Math.toIntExact(dict.entry("context_embedder.weight", 2).size(1)),
                Math.toIntExact(dict.entry("y_embedder.mlp.0.weight", 2).size(1)),
                dict.countIndexed("joint_blocks."),
                dict.contains("joint_blocks.0.context_block.attn.ln_q.weight"),
                Math.toIntExact(
                        Math.round(Math.sqrt((double) dict.entry("pos_embed", 3).size(1)))));
    }
}
