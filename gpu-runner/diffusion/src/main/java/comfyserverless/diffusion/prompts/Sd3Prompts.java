package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.clip.ClipEncoding;
import comfyserverless.diffusion.t5.T5Encoder;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.text.WeightedToken;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stable Diffusion 3's way to read prompts: what CLIP-L and CLIP-G make of each token side by side, filled up with
/// zeros to T5's width, then T5's tokens; the pooled texts of both CLIPs one behind the other. Zeros stand for an
/// encoder that is missing (`SD3ClipModel`, ComfyUI 0.3.64).
record Sd3Prompts(@Nullable ClipEncoder small, @Nullable ClipEncoder large, @Nullable T5Encoder t5)
        implements PromptEncoder {

    private static final String SMALL = "l";
    private static final String LARGE = "g";
    private static final int SMALL_WIDTH = 768;
    private static final int LARGE_WIDTH = 1280;
    private static final int WIDTH = 4096;
    private static final int TOKENS = 77;

    @Override
    public PromptEncoding encode(Prompt prompt, OptionalInt layer, Embeddings embeddings) {
        HostTensor pooledSmall = HostTensor.zeros(1, SMALL_WIDTH);
        HostTensor pooledLarge = HostTensor.zeros(1, LARGE_WIDTH);
        HostTensor hidden = null;
        if (!prompt.silent().containsAll(Set.of(SMALL, LARGE))) {
            int chunks = chunks(prompt, embeddings);
            ClipEncoding one = encoded(small, prompt, layer, embeddings, chunks);
            ClipEncoding other = encoded(large, prompt, layer, embeddings, chunks);
            if (one != null) {
                pooledSmall = one.pooled();
                hidden = placed(one.hidden(), 0, null);
            }
            if (other != null) {
                pooledLarge = other.pooled();
                hidden = placed(other.hidden(), SMALL_WIDTH, hidden);
            }
        }
        if (t5 != null) {
            HostTensor more = Texts.of(t5, prompt, TOKENS, layer, embeddings);
            hidden = hidden == null ? more : behind(hidden, more);
        }
        if (hidden == null) {
            hidden = HostTensor.zeros(1, TOKENS, WIDTH);
        }
        return new PromptEncoding(hidden, pooled(pooledSmall, pooledLarge));
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        if (small != null) {
            names.add(SMALL);
        }
        if (large != null) {
            names.add(LARGE);
        }
        if (t5 != null) {
            names.add(Texts.T5);
        }
        return names;
    }

    /// As many chunks as the longer of both texts has.
    private int chunks(Prompt prompt, Embeddings embeddings) {
        int most = 1;
        for (ClipEncoder encoder : encoders()) {
            most = Math.max(most, said(encoder, prompt, embeddings).size());
        }
        return most;
    }

    private List<ClipEncoder> encoders() {
        List<ClipEncoder> all = new ArrayList<>();
        if (small != null) {
            all.add(small);
        }
        if (large != null) {
            all.add(large);
        }
        return all;
    }

    private static List<List<WeightedToken>> said(
            ClipEncoder encoder, Prompt prompt, Embeddings embeddings) {
        return prompt.silent().contains(encoder.settings().name())
                ? List.of()
                : Texts.tokens(encoder, prompt.to(encoder.settings().name()), embeddings);
    }

    private static @Nullable ClipEncoding encoded(
            @Nullable ClipEncoder encoder,
            Prompt prompt,
            OptionalInt layer,
            Embeddings embeddings,
            int chunks) {
        if (encoder == null) {
            return null;
        }
        List<List<WeightedToken>> tokens = new ArrayList<>(said(encoder, prompt, embeddings));
        while (tokens.size() < chunks) {
            tokens.addAll(Texts.tokens(encoder, "", Embeddings.NONE));
        }
        return Texts.of(encoder, tokens, layer);
    }

    /// An encoding at its place in T5's width, beside another one of the same length.
    private static HostTensor placed(HostTensor part, int from, @Nullable HostTensor beside) {
        int tokens = (int) part.size(1);
        int width = (int) part.size(2);
        float[] out = beside == null ? new float[tokens * WIDTH] : beside.data().clone();
        for (int token = 0; token < tokens; token++) {
            System.arraycopy(part.data(), token * width, out, token * WIDTH + from, width);
        }
        return new HostTensor(out, 1, tokens, WIDTH);
    }

    private static HostTensor behind(HostTensor first, HostTensor second) {
        if (first.size(2) != second.size(2)) {
            throw new IllegalArgumentException(
                    "a T5 of %d numbers a token goes with no CLIP of Stable Diffusion 3, which wants %d"
                            .formatted(second.size(2), first.size(2)));
        }
        float[] out = new float[first.data().length + second.data().length];
        System.arraycopy(first.data(), 0, out, 0, first.data().length);
        System.arraycopy(second.data(), 0, out, first.data().length, second.data().length);
        return new HostTensor(out, 1, first.size(1) + second.size(1), first.size(2));
    }

    private static HostTensor pooled(HostTensor small, HostTensor large) {
        int first = small.data().length;
        float[] out = new float[first + large.data().length];
        System.arraycopy(small.data(), 0, out, 0, first);
        System.arraycopy(large.data(), 0, out, first, large.data().length);
        return new HostTensor(out, 1, out.length);
    }
}
