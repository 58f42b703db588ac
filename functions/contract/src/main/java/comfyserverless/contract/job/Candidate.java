package comfyserverless.contract.job;

import comfyserverless.contract.table.Item;
import org.jspecify.annotations.Nullable;

/// A job as the queue's indexes show it.
record Candidate(
        JobKey key, double number, long seq, long fence, @Nullable String clientId, String body) {
    static Candidate of(Item item) {
        return new Candidate(
                JobItem.jobKey(item),
                Double.parseDouble(item.text(JobItem.NUMBER)),
                item.whole(JobItem.SEQ),
                item.whole(JobItem.FENCE),
                item.textOrNull(JobItem.CLIENT),
                item.text(JobItem.BODY));
    }

    /// What orders it among those that wait.
    String position() {
        return QueueOrder.position(number, key.promptId());
    }

    static Candidate of(JobItem job) {
        return new Candidate(
                job.key(),
                job.number(),
                job.origin().seq(),
                job.fence(),
                job.clientId(),
                job.origin().body());
    }
}
