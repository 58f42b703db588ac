package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.text.WeightedToken;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Stable Diffusion XL's two text encoders: what CLIP-L and OpenCLIP-G make of each token side by side, and what the
/// latter makes of the whole (`SDXLClipModel`, ComfyUI 0.3.64).
final class DualClipPrompts implements PromptEncoder {

    private final ClipEncoder small;
    private final ClipEncoder large;

    DualClipPrompts(ClipEncoder small, ClipEncoder large) {
        this.small = small;
        this.large = large;
    }

    @Override
    public PromptEncoding encode(Prompt prompt, OptionalInt layer, Embeddings embeddings) {
        List<List<WeightedToken>> forSmall =
                new ArrayList<>(ClipPrompts.tokens(small, prompt, embeddings));
        List<List<WeightedToken>> forLarge =
                new ArrayList<>(ClipPrompts.tokens(large, prompt, embeddings));
        if (!prompt.others().isEmpty()) {
            lengthen(forSmall, forLarge.size(), small);
            lengthen(forLarge, forSmall.size(), large);
        }
        ClipEncoding one = small.encode(forSmall, layer);
        ClipEncoding other = large.encode(forLarge, layer);
        return new PromptEncoding(beside(one.hidden(), other.hidden()), other.pooled());
    }

    @Override
    public Set<String> names() {
        return Set.of(small.settings().name(), large.settings().name());
    }

    /// Different texts get as many chunks as the longer one has.
    private static void lengthen(
            List<List<WeightedToken>> chunks, int wanted, ClipEncoder encoder) {
        while (chunks.size() < wanted) {
            chunks.addAll(ClipPrompts.tokens(encoder, Prompt.of(""), Embeddings.NONE));
        }
    }

    /// The numbers of both for each token; where one has more tokens they are left out.
    private static HostTensor beside(HostTensor a, HostTensor b) {
        int tokens = (int) Math.min(a.size(1), b.size(1));
        int widthA = (int) a.size(2);
        int widthB = (int) b.size(2);
        float[] out = new float[tokens * (widthA + widthB)];
        for (int token = 0; token < tokens; token++) {
            int to = token * (widthA + widthB);
            System.arraycopy(a.data(), token * widthA, out, to, widthA);
            System.arraycopy(b.data(), token * widthB, out, to + widthA, widthB);
        }
        return new HostTensor(out, 1, tokens, widthA + (long) widthB);
    }
}
