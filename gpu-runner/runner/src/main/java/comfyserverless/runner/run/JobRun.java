package comfyserverless.runner.run;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.runner.report.JobReport;
import comfyserverless.runner.report.Lease;

/// A claimed job on its way through the executor.
///
/// @param lease waited for before each write outside
/// @param stop asked at the borders of nodes and steps
public record JobRun(
        Claim claim, PromptBody body, JobReport report, Lease lease, StopSignal stop) {}
