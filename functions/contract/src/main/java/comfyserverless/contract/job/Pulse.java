package comfyserverless.contract.job;

/// What a heartbeat found.
public sealed interface Pulse {
    /// The job is still ours; `cancelRequested` once somebody asked it to stop.
    record Held(boolean cancelRequested) implements Pulse {}

    /// Somebody else has it, or it ended: stop, write nothing more.
    record Lost() implements Pulse {}
}
