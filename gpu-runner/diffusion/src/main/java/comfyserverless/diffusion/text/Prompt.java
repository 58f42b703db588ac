package comfyserverless.diffusion.text;

import java.util.Map;

/// A prompt, which may say something else to some of a model's text encoders.
///
/// @param text what it says
/// @param others what it says instead to the encoders of these short names
public record Prompt(String text, Map<String, String> others) {
    public Prompt {
        others = Map.copyOf(others);
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
