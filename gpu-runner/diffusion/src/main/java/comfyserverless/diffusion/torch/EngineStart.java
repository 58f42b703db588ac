package comfyserverless.diffusion.torch;

/// Hears how far the start of the engine is: its native libraries are unpacked at the first use (about 430 MB).
@FunctionalInterface
public interface EngineStart {

    /// A listener that ignores everything.
    EngineStart SILENT = (message, fraction) -> {};

    /// `fraction` runs from 0 to 1 over the whole start; called from a thread of the engine's.
    void progress(String message, double fraction);
}
