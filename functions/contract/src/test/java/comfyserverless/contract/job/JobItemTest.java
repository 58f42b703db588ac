package comfyserverless.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobItemTest {
    /// A job item counts against the 10 GB of its tenant's partition, and each change is paid by size.
    private static final int LIMIT = 900;

    private final InMemoryPorts ports = new InMemoryPorts();

    private static int bytes(Item item) {
        int size = length(item.key().partition()) + length(item.key().sort()) + "PKSK".length();
        for (Map.Entry<String, Value> entry : item.values().entrySet()) {
            size += length(entry.getKey());
            size +=
                    switch (entry.getValue()) {
                        case Value.Text text -> length(text.text());
                        case Value.Whole whole -> 10;
                        case Value.Bytes bytes -> bytes.length();
                    };
        }
        return size;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void a_running_jobs_item_stays_small() {
        JobKey key = new JobKey("t".repeat(48), UUID.randomUUID().toString());
        ports.jobs()
                .enqueue(
                        new NewJob(
                                        key,
                                        -Math.PI * 1e-300,
                                        UUID.randomUUID().toString(),
                                        SampleJobs.body("a"),
                                        "f".repeat(64),
                                        true,
                                        "d".repeat(64))
                                .withTrace("1-58406520-a006649127e371903a2de979"));
        Claim claim = ports.claims().claim(UUID.randomUUID().toString()).orElseThrow();
        ports.claims().start(claim);
        ports.jobs().interrupt(key);
        Item item = ports.table().get(JobItem.key(key)).orElseThrow();
        assertThat(JobItem.of(item).state()).isInstanceOf(JobState.Running.class);
        assertThat(bytes(item)).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void what_a_job_had_goes_with_it() {
        for (String id : new String[] {"deleted", "cleared", "forgotten"}) {
            JobKey key = new JobKey("tenant", id);
            ports.jobs().enqueue(SampleJobs.job(key, 1));
            switch (id) {
                case "deleted" -> ports.jobs().deletePending(key);
                case "cleared" -> {
                    ports.jobs().clearPending("tenant");
                    ports.reconcile().run();
                }
                default -> {
                    Claim claim = ports.claims().claim("runner").orElseThrow();
                    ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
                    ports.jobs().deleteHistory(key);
                }
            }
        }
        ports.jobs().enqueue(SampleJobs.retryable(new JobKey("tenant", "deleted"), "other"));
        assertThat(ports.table().items())
                .noneMatch(item -> item.key().partition().startsWith("B#"));
    }
}
