package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Jobs and results for tests.
public final class SampleJobs {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SampleJobs() {}

    /// The standard settings for a pool of its own.
    public static JobSettings settings(String pool) {
        JobSettings standard = JobSettings.standard();
        return new JobSettings(
                pool,
                standard.lease(),
                standard.grace(),
                standard.tombstone(),
                standard.idleTenant(),
                standard.parallelPerClient());
    }

    public static NewJob job(JobKey key, double number) {
        return job(key, number, null);
    }

    public static NewJob job(JobKey key, double number, @Nullable String clientId) {
        return new NewJob(key, number, clientId, body(key.promptId()), "hash", false, "digest");
    }

    /// A job whose id makes a second send of the same request a retry.
    public static NewJob retryable(JobKey key, String requestHash) {
        return new NewJob(key, 1, null, body(key.promptId()), requestHash, true, "digest");
    }

    public static PromptBody body(String text) {
        ObjectNode prompt = JSON.objectNode();
        prompt.putObject("1")
                .put("class_type", "PreviewAny")
                .putObject("inputs")
                .put("source", text);
        ObjectNode extra = JSON.objectNode();
        extra.put("client_id", "c");
        return new PromptBody(prompt, extra, List.of("1"));
    }

    public static JobResult result(JobResult.End end) {
        ObjectNode outputs = JSON.objectNode();
        outputs.putObject("1").putArray("text").add("done");
        return new JobResult(end, outputs, JSON.arrayNode(), JSON.objectNode());
    }

    /// A claim that nobody has: for what a stale runner would do.
    public static Claim stale(Claim claim) {
        return new Claim(
                claim.key(),
                claim.number(),
                claim.fence() - 1,
                "another runner",
                claim.clientId(),
                Instant.EPOCH,
                claim.origin());
    }
}
