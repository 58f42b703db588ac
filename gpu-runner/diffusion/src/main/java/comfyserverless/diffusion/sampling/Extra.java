package comfyserverless.diffusion.sampling;

/// What networks may take besides the noisy latents, the timesteps and the encoded text: one tensor for each item of a
/// batch. Which ones a network takes, its [NoiseModel#extras] says.
public enum Extra {
    /// One vector for the whole prompt (`y`): (batch, width). The pooled text, for most of
    /// those that take one.
    VECTOR,
    /// Numbers that the network embeds behind the vector, sizes of pictures above all: (batch, count).
    SIZES,
    /// How strongly a network that was distilled to do so guides itself: (batch). Not a number
    /// where it is told nothing.
    GUIDANCE,
    /// One number for each token of the text, for networks to which a text that is repeated is another one: (batch,
    /// tokens). So prompts of different lengths do not run in one batch.
    TOKENS
}
