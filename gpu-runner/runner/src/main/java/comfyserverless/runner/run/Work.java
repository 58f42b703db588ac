package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobResult;

/// What a runner does with a job: runs its graph.
public interface Work {
    /// How a run ended.
    ///
    /// @param last the message that says so; sent once the end is stored
    record Ended(JobResult result, Event last) {}

    /// Runs the graph. Failures of nodes are a result.
    ///
    /// @throws RunStopped if the job was taken away
    Ended run(JobRun run);

    /// There is no job: time for what clients asked for meanwhile. On the thread that runs the jobs.
    void rest();

    /// A result for a job that could not even be begun, or whose end cannot be stored.
    Ended failed(Claim claim, Throwable why);
}
