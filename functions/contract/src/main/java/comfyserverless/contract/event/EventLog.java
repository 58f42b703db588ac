package comfyserverless.contract.event;

import comfyserverless.contract.job.JobKey;
import java.util.List;

/// A job's lifecycle messages, written before they are posted, kept an hour after its end.
public interface EventLog {
    /// One logged message: its number in the job and its JSON text.
    record Logged(long seq, String json) {}

    void append(JobKey key, long fence, Logged message);

    List<Logged> read(JobKey key);
}
