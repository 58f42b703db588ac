package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.text.PromptTokenizer;
import comfyserverless.diffusion.text.WeightedToken;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// A model's only text encoder, of CLIP.
final class ClipPrompts implements PromptEncoder {

    private final ClipEncoder encoder;

    ClipPrompts(ClipEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public PromptEncoding encode(Prompt prompt, OptionalInt layer, Embeddings embeddings) {
        ClipEncoding encoding = encoder.encode(tokens(encoder, prompt, embeddings), layer);
        return new PromptEncoding(encoding.hidden(), encoding.pooled());
    }

    @Override
    public Set<String> names() {
        return Set.of(encoder.settings().name());
    }

    static List<List<WeightedToken>> tokens(
            ClipEncoder encoder, Prompt prompt, Embeddings embeddings) {
        ClipSettings settings = encoder.settings();
        return new PromptTokenizer(
                        ClipTokenizer.standard(),
                        settings.layout(encoder.shape().width()),
                        embeddings)
                .tokenize(prompt.to(settings.name()));
    }
}
