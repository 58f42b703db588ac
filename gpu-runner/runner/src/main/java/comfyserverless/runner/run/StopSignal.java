package comfyserverless.runner.run;

/// Asked at the borders of nodes and of sampling steps whether to go on.
@FunctionalInterface
public interface StopSignal {
    /// Returns if the run may go on.
    ///
    /// @throws RunStopped if the run must end here
    void check();
}
