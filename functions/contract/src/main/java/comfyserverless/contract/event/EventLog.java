package comfyserverless.contract.event;

import comfyserverless.contract.job.JobKey;
import java.util.List;
import java.util.Optional;

/// A job's lifecycle messages, written before they are posted, kept an hour after its end.
public interface EventLog {
    /// One logged message: its number in the job and its JSON text.
    record Logged(long seq, String json) {}

    /// What one run of a job told, in order.
    record Run(long fence, List<Logged> messages) {
        public Run {
            messages = List.copyOf(messages);
        }
    }

    default void append(JobKey key, long fence, Logged message) {
        append(key, fence, List.of(message));
    }

    /// Adds messages, in as few requests as it can; after a failure some may be missing.
    void append(JobKey key, long fence, List<Logged> messages);

    /// The messages of the job's last run that told anything.
    Optional<Run> lastRun(JobKey key);

    /// The last messages of the job's last run, the newest in front.
    List<Logged> newest(JobKey key, int most);

    /// The messages of the last run, none if there is no such.
    default List<Logged> read(JobKey key) {
        return lastRun(key).map(Run::messages).orElse(List.of());
    }
}
