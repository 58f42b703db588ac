package comfyserverless.diffusion.text;

/// A token with the weight its words carry in the prompt.
///
/// `word` numbers the group it belongs to (a stretch of text of one weight, or an embedding) from 1; 0 is what the
/// tokenizer itself put there: start, end and padding.
public record WeightedToken(Token token, double weight, int word) {

    static WeightedToken special(int id) {
        return new WeightedToken(new Token.Id(id), 1.0, 0);
    }
}
