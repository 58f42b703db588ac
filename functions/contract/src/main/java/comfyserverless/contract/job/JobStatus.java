package comfyserverless.contract.job;

/// Where a job stands, for those who only want to know that.
public enum JobStatus {
    PENDING,
    RUNNING,
    SUCCESS,
    ERROR,
    INTERRUPTED
}
