package comfyserverless.nodeharness;

/// The harness stopped the node, as `POST /interrupt` does.
public final class StoppedRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedRun(int looks) {
        super("stopped at look " + looks);
    }
}
