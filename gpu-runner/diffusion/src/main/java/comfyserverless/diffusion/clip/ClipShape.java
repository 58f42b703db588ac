package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.weights.StateDict;

/// What the shapes in a checkpoint say about its CLIP text encoder.
///
/// @param width numbers per token: 768 in CLIP-L
/// @param layers transformer layers: 12 in CLIP-L
/// @param vocabulary rows of the token table: 49,408
/// @param positions tokens in one chunk: 77
public record ClipShape(int width, int layers, int vocabulary, int positions) {

    private static final int HEAD_WIDTH = 64;

    static ClipShape of(StateDict dict) {
        return new ClipShape(
                Math.toIntExact(dict.entry("embeddings.token_embedding.weight", 2).size(1)),
                dict.countIndexed("encoder.layers."),
                Math.toIntExact(dict.entry("embeddings.token_embedding.weight", 2).size(0)),
                Math.toIntExact(dict.entry("embeddings.position_embedding.weight", 2).size(0)));
    }

    /// Attention heads: always 64 numbers each.
    public int heads() {
        return width / HEAD_WIDTH;
    }
}
