package comfyserverless.contract.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The queue and the history as clients see them. Every method that changes a job is one conditional
/// write; losing a race is a no-op, as in ComfyUI. Reads after an answered write show it.
public interface Jobs {
    /// The next turn of a tenant, in one write; consumed even when the prompt is then refused.
    ///
    /// @param counts whether the prompt takes its number from the counter; one that brings a number leaves
    ///     the counter as it is
    Turn nextTurn(String tenant, boolean counts);

    /// Puts a job into the queue, at most once per id.
    ///
    /// @param turn drawn for this job alone: by it the job is told from others of its id
    Enqueued enqueue(NewJob job, Turn turn);

    /// As [#enqueue(NewJob, Turn)], for a job that brings its number.
    default Enqueued enqueue(NewJob job) {
        return enqueue(job, nextTurn(job.key().tenant(), false));
    }

    QueueView queue(String tenant);

    /// Running plus pending (after the last clear), exact.
    int queueRemaining(String tenant);

    /// The same a moment after a turn of the tenant, whose clear mark then need not be read again.
    int queueRemaining(String tenant, Turn turn);

    Optional<JobStatus> status(JobKey key);

    /// The tenant's running jobs' keys, oldest start first.
    List<JobKey> running(String tenant);

    /// The tenant's running jobs with their graphs, oldest start first.
    List<ActiveJob> runningGraphs(String tenant);

    /// A job that waits or runs, with its graph; empty if it has ended or is unknown.
    Optional<ActiveJob> activeGraph(JobKey key);

    /// The running jobs of one client, oldest start first.
    List<JobKey> runningOf(String tenant, String clientId);

    /// The jobs of one client among the last `most` that ended, newest end first.
    List<JobKey> endedOf(String tenant, String clientId, int most);

    /// Takes a pending job out of the queue; false if it was not pending.
    boolean deletePending(JobKey key);

    /// Empties the pending queue: no job accepted before this call starts after it returned.
    void clearPending(String tenant);

    /// Asks a running job to stop; false if it is not running.
    boolean interrupt(JobKey key);

    /// Ends a job wherever it stands: pending → deleted, running → interrupted; false if ended or unknown.
    boolean cancel(JobKey key);

    /// Ended jobs, oldest first; with `maxItems` the newest that many (`offset` < 0) or from `offset` on.
    List<HistoryEntry> history(String tenant, int maxItems, int offset);

    Optional<HistoryEntry> historyOf(JobKey key);

    void deleteHistory(JobKey key);

    void clearHistory(String tenant);

    /// Takes entries out of the history whose last run began before then, the oldest first.
    ///
    /// @param most how many of the oldest entries are looked at
    /// @return how many are gone
    int forgetEnded(String tenant, Instant before, int most);
}
