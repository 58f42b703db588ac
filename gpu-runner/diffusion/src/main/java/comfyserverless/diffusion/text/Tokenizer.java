package comfyserverless.diffusion.text;

/// The vocabulary of a text encoder.
@FunctionalInterface
public interface Tokenizer {

    /// Token ids of a text, without the marks at its start and end.
    int[] encode(String text);
}
