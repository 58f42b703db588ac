package comfyserverless.handlers.socket;

/// Asks for a connection to be greeted once it is open: nothing can be sent to it before its `$connect`
/// has returned.
@FunctionalInterface
public interface Greetings {
    /// Returns at once; the greeting follows in another invocation (or thread).
    void later(String connectionId);
}
