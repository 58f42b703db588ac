package comfyserverless.runner.nodes.sampling;

/// Whether samplers show how a picture stands.
public enum PreviewMethod {
    /// No pictures, as ComfyUI by default.
    NONE,
    /// One pixel per place of the latent.
    LATENT2RGB
}
