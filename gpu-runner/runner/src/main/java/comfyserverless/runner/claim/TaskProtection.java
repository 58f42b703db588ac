package comfyserverless.runner.claim;

/// Tells whoever may stop this process (for a deployment, or to have fewer runners) to wait while a job runs.
public interface TaskProtection {
    /// Where nobody stops it.
    TaskProtection NONE =
            new TaskProtection() {
                @Override
                public void hold(Object holder) {}

                @Override
                public void release(Object holder) {}
            };

    /// Before a claim of one of the process' runners, and again while a job runs. A failure must not cost the job: it is logged only.
    void hold(Object holder);

    /// When that runner has no job any more.
    void release(Object holder);
}
