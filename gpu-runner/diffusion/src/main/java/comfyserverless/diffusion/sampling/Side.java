package comfyserverless.diffusion.sampling;

/// What prompts are to a run, in the order in which they find each other's rectangles.
public enum Side {
    /// To be drawn.
    POSITIVE,
    /// What a guider wants besides: the second prompt, or the empty one.
    SECOND,
    /// Not to be drawn.
    NEGATIVE
}
