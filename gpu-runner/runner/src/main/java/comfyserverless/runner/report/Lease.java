package comfyserverless.runner.report;

/// The right to write for a job.
public interface Lease {
    /// Waits until writing is allowed; false once the job is lost or given back for good.
    boolean awaitWritable();
}
