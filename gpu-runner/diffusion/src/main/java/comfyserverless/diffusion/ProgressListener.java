package comfyserverless.diffusion;

/// Hears how far a long task is.
@FunctionalInterface
public interface ProgressListener {

    /// A listener that ignores everything.
    ProgressListener SILENT = (message, fraction) -> {};

    /// What is being done, and how much of the whole is (0 to 1). Called on the device's thread: return soon.
    void progress(String message, double fraction);
}
