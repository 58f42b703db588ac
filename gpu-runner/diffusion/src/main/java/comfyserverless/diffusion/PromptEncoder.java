package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.clip.ClipEncoding;
import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.PromptTokenizer;

/// From a prompt to what the UNet reads: tokenizer and text encoder of one checkpoint. May be called from any thread.
public final class PromptEncoder {

    /// The last layer: no clip skip.
    public static final int LAST_LAYER = -1;

    private final ClipEncoder encoder;

    PromptEncoder(ClipEncoder encoder) {
        this.encoder = encoder;
    }

    /// Encodes a prompt in ComfyUI's syntax.
    ///
    /// @param layer the layer to take, counted from the end: [#LAST_LAYER], or -2 for clip skip 2
    /// @param embeddings where `embedding:name` is found
    public ClipEncoding encode(String prompt, int layer, Embeddings embeddings) {
        PromptTokenizer tokenizer =
                new PromptTokenizer(
                        ClipTokenizer.standard(),
                        PromptTokenizer.Layout.clipL(encoder.shape().width()),
                        embeddings);
        return encoder.encode(tokenizer.tokenize(prompt), layer);
    }
}
