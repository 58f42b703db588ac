package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;

/// What the shapes in a file say about its Flux network.
///
/// @param channels channels of a latent: 16
/// @param width numbers per token inside: 3,072
/// @param contextWidth numbers per token of the text: 4,096
/// @param vectorWidth numbers of the pooled text: 768
/// @param doubleBlocks blocks with weights of their own for text and picture: 19
/// @param singleBlocks blocks over both together: 38
/// @param guided whether the network is told the guidance: dev is, schnell is not
public record FluxShape(
        int channels,
        int width,
        int contextWidth,
        int vectorWidth,
        int doubleBlocks,
        int singleBlocks,
        boolean guided) {

    private static final int HEAD_WIDTH = 128;
    private static final int PATCH = 4;

    /// Bytes for each token and number inside: both halves of a single block's first layer, queries, keys, values.
    private static final long WORKING_BYTES = 100;

    /// Attention heads: always 128 numbers each.
    public int heads() {
        return width / HEAD_WIDTH;
    }

    /// Memory that a pass over a batch takes, in bytes.
    public long workingBytes(long batch, long height, long width) {
        return WORKING_BYTES * this.width * batch * ((height + 1) / 2) * ((width + 1) / 2);
    }

    static FluxShape of(StateDict dict) {
        int in = Math.toIntExact(dict.entry("img_in.weight", 2).size(1));
        int out = Math.toIntExact(dict.entry("final_layer.linear.weight", 2).size(0));
        if (in != out) {
            throw new ModelFileException(
                    dict.file(),
                    "a Flux that reads %d numbers a patch and predicts %d (Fill, Canny, Depth), which cannot be run so far"
                            .formatted(in, out));
        }
        return new FluxShape(
                in / PATCH,
                Math.toIntExact(dict.entry("img_in.weight", 2).size(0)),
                Math.toIntExact(dict.entry("txt_in.weight", 2).size(1)),
                Math.toIntExact(dict.entry("vector_in.in_layer.weight", 2).size(1)),
                dict.countIndexed("double_blocks."),
                dict.countIndexed("single_blocks."),
                dict.contains("guidance_in.in_layer.weight"));
    }
}
