package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.clip.ClipEncoding;
import comfyserverless.diffusion.t5.T5Encoder;
import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptTokenizer;
import comfyserverless.diffusion.text.T5Tokenizer;
import comfyserverless.diffusion.text.WeightedToken;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.StateDict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What encoders make of prompts, and their joins.
final class Texts {

    static final String T5 = "t5xxl";

    private Texts() {}

    static List<List<WeightedToken>> tokens(
            ClipEncoder encoder, String text, Embeddings embeddings) {
        PromptTokenizer.Layout layout = encoder.settings().layout(encoder.shape().width());
        return new PromptTokenizer(ClipTokenizer.standard(), layout, embeddings).tokenize(text);
    }

    static ClipEncoding of(
            ClipEncoder encoder, List<List<WeightedToken>> tokens, OptionalInt layer) {
        return encoder.encode(tokens, layer);
    }

    /// @param shortest tokens to which a prompt is padded
    static HostTensor of(
            T5Encoder encoder,
            Prompt prompt,
            int shortest,
            OptionalInt layer,
            Embeddings embeddings) {
        int least = prompt.silent().contains(T5) ? 1 : shortest;
        PromptTokenizer.Layout layout = PromptTokenizer.Layout.t5(encoder.shape().width(), least);
        String text = prompt.silent().contains(T5) ? "" : prompt.to(T5);
        List<WeightedToken> tokens =
                new PromptTokenizer(T5Tokenizer.standard(), layout, embeddings)
                        .tokenize(text)
                        .getFirst();
        return encoder.encode(tokens, layer);
    }

    /// T5's weights by each name that adapter files call them by.
    static Map<String, String> adapterNames(Part part, int place, StateDict weights) {
        return switch (part) {
            case CLIP_L -> LoraNames.ofText(weights, "l", place);
            case CLIP_G -> LoraNames.ofText(weights, "g", place);
            case T5 -> t5Names(weights);
        };
    }

    private static Map<String, String> t5Names(StateDict weights) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : weights.names()) {
            if (name.endsWith(".weight")) {
                String module = name.substring(0, name.length() - ".weight".length());
                names.put(Part.T5.prefix + module, name);
            }
        }
        return names;
    }
}
