package comfyserverless.contract.job;

import java.util.Optional;

/// The queue as a runner sees it. Only a failed condition means a job was lost; time-outs, throttles
/// and server errors never do and surface as [java.io.UncheckedIOException].
public interface Claims {
    /// Takes the next job of the tenant served longest ago; empty when nothing may run now.
    Optional<Claim> claim(String own);

    /// Marks the claimed job as started; false if it was cleared meanwhile and must not run.
    boolean start(Claim claim);

    /// The prompt of a claimed job.
    PromptBody body(Claim claim);

    /// Renews the lease.
    Pulse heartbeat(Claim claim);

    /// Reads whether a stop was asked for, without renewing.
    Pulse look(Claim claim);

    /// Ends the job with its result; false if it was no longer ours.
    boolean finish(Claim claim, JobResult result);

    /// Puts the job back at its old place; `tries` does not rise.
    void giveBack(Claim claim);

    /// Puts back whatever this runner holds by the table, as [#giveBack] does: what it does not know of, since a
    /// call had no answer. Nobody else would work on it, and it would wait for the end of its lease.
    void giveBackAll(String own);
}
