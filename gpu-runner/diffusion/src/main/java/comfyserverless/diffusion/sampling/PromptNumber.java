package comfyserverless.diffusion.sampling;

/// Numbers that nodes write beside an encoded prompt, for networks that read them. Sizes are in pixels.
public enum PromptNumber {
    /// The width of the picture that the network shall think of as the original.
    WIDTH,
    /// Its height.
    HEIGHT,
    /// How much of that picture was cut off on the left.
    CROP_WIDTH,
    /// How much was cut off at the top.
    CROP_HEIGHT,
    /// The width of the picture that is drawn.
    TARGET_WIDTH,
    /// Its height.
    TARGET_HEIGHT,
    /// How beautiful the picture shall be, from 0 to 10 (Stable Diffusion XL's refiner).
    AESTHETIC_SCORE,
    /// How strongly a network guides itself that was distilled to do so.
    GUIDANCE
}
