package comfyserverless.handlers.wake;

/// Hears that a job waits that did not wait before.
@FunctionalInterface
public interface Wake {
    /// Where runners are always there, as in the local stack.
    Wake NONE = () -> {};

    void jobWaits();
}
