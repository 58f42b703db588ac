package comfyserverless.runner.run;

/// Unwinds a run that was interrupted or taken away from this runner.
public final class RunStopped extends RuntimeException {
    /// Why a run ends early.
    public enum Reason {
        /// Somebody asked for it: the run ends as interrupted.
        INTERRUPTED,
        /// The job is no longer this runner's: it writes nothing more.
        TAKEN_AWAY
    }

    private final Reason reason;

    public RunStopped(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
