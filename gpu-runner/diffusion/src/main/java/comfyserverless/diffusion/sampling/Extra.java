package comfyserverless.diffusion.sampling;

/// What networks may take besides the noisy latents, the timesteps and the encoded text: one tensor for each item of a
/// batch. Which ones a network takes, its [NoiseModel#extras] says.
public enum Extra {
    /// One vector for the whole prompt (`y`): (batch, width). With Stable Diffusion XL the pooled text and the embedded
    /// sizes, with networks of transformers the pooled text.
    VECTOR,
    /// How strongly a network that was distilled to do so guides itself: (batch).
    GUIDANCE
}
