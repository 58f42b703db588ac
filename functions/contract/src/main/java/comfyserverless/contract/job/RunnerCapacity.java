package comfyserverless.contract.job;

/// Where runners are started and stopped, as far as those who bring work need it.
@FunctionalInterface
public interface RunnerCapacity {
    /// Has a runner started if none is wanted; returns before it is there.
    void wake();
}
