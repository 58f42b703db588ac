package comfyserverless.localstack.smoke;

/// Whether one assumption holds.
///
/// @param seen what was seen instead, or why it does not hold
public record Outcome(String assumption, boolean holds, String seen) {
    String line() {
        return (holds ? "holds    " : "FAILS    ") + assumption + (holds ? "" : ": " + seen);
    }
}
