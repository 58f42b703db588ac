package comfyserverless.diffusion.text;

import java.util.Map;
import java.util.Set;

/// A prompt, which may say something else to some of a model's text encoders.
///
/// @param text what it says
/// @param others what it says instead to the encoders of these short names
/// @param silent the short names of encoders to which it says nothing, not even an empty text
public record Prompt(String text, Map<String, String> others, Set<String> silent) {
    public Prompt {
        others = Map.copyOf(others);
        silent = Set.copyOf(silent);
    }

    /// A prompt that says something to each encoder.
    public Prompt(String text, Map<String, String> others) {
        this(text, others, Set.of());
    }

    /// The same text for all encoders.
    public static Prompt of(String text) {
        return new Prompt(text, Map.of());
    }

    /// The text for one encoder.
    public String to(String encoder) {
        return others.getOrDefault(encoder, text);
    }
}
