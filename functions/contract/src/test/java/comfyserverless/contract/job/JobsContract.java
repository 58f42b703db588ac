package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.body;
import static comfyserverless.contract.job.SampleJobs.job;
import static comfyserverless.contract.job.SampleJobs.result;
import static comfyserverless.contract.job.SampleJobs.retryable;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.Ports;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Jobs] does, on whatever stores. Each test uses a tenant and a pool of its own.
public abstract class JobsContract {
    private final String tenant = "t-" + UUID.randomUUID();
    private Jobs jobs;
    private Claims claims;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        JobSettings standard = JobSettings.standard();
        Ports ports =
                ports(
                        new JobSettings(
                                tenant,
                                standard.lease(),
                                standard.grace(),
                                standard.tombstone(),
                                standard.idleTenant(),
                                true));
        jobs = ports.jobs();
        claims = ports.claims();
    }

    private JobKey key(String promptId) {
        return new JobKey(tenant, promptId);
    }

    private Claim started() {
        Claim claim = claims.claim("runner").orElseThrow();
        assertThat(claims.start(claim)).isTrue();
        return claim;
    }

    private void finished(String promptId) {
        jobs.enqueue(job(key(promptId), 1));
        assertThat(claims.finish(started(), result(JobResult.End.SUCCESS))).isTrue();
    }

    private List<String> pending() {
        return jobs.queue(tenant).pending().stream().map(QueuedJob::promptId).toList();
    }

    private List<String> history(int maxItems, int offset) {
        return jobs.history(tenant, maxItems, offset).stream()
                .map(entry -> entry.job().promptId())
                .toList();
    }

    @Test
    void numbers_count_up_from_zero() {
        assertThat(jobs.nextTurn(tenant, true)).isEqualTo(new Turn(0, 1, 0));
        assertThat(jobs.nextTurn(tenant, false).seq()).isEqualTo(2);
        jobs.clearPending(tenant);
        assertThat(jobs.nextTurn(tenant, true)).isEqualTo(new Turn(1, 3, 2));
    }

    @Test
    void an_accepted_job_is_in_the_queue_with_what_was_asked() {
        assertThat(jobs.enqueue(job(key("a"), 5))).isEqualTo(new Enqueued.Accepted(5));
        QueueView queue = jobs.queue(tenant);
        assertThat(queue.pending())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("created")
                .containsExactly(new QueuedJob(5, "a", body("a"), Instant.EPOCH));
        assertThat(queue.running()).isEmpty();
        assertThat(jobs.queueRemaining(tenant)).isEqualTo(1);
        assertThat(jobs.status(key("a"))).contains(JobStatus.PENDING);
    }

    @Test
    void the_queue_orders_by_number_then_by_id() {
        jobs.enqueue(job(key("b"), 2));
        jobs.enqueue(job(key("a"), 2));
        jobs.enqueue(job(key("c"), -1.5));
        jobs.enqueue(job(key("d"), 1e300));
        jobs.enqueue(job(key("e"), -0.0));
        assertThat(pending()).containsExactly("c", "e", "a", "b", "d");
        assertThat(claims.claim("runner").orElseThrow().key()).isEqualTo(key("c"));
    }

    @Test
    void the_same_request_again_gets_the_first_answer() {
        JobKey key = key(UUID.randomUUID().toString());
        jobs.enqueue(retryable(key, "hash"));
        assertThat(jobs.enqueue(retryable(key, "hash"))).isEqualTo(new Enqueued.Again(1));
        assertThat(jobs.enqueue(retryable(key, "other")))
                .isEqualTo(new Enqueued.Conflict(key.promptId()));
        assertThat(jobs.queueRemaining(tenant)).isEqualTo(1);
    }

    @Test
    void an_id_of_any_text_is_free_again_once_its_job_ended() {
        jobs.enqueue(job(key("mine"), 1));
        assertThat(jobs.enqueue(job(key("mine"), 2))).isEqualTo(new Enqueued.Conflict("mine"));
        Claim first = started();
        claims.finish(first, result(JobResult.End.SUCCESS));
        assertThat(jobs.enqueue(job(key("mine"), 3))).isEqualTo(new Enqueued.Accepted(3));
        assertThat(jobs.status(key("mine"))).contains(JobStatus.PENDING);
        assertThat(history(-1, 0)).isEmpty();
        assertThat(claims.claim("runner").orElseThrow().fence()).isGreaterThan(first.fence());
    }

    @Test
    void a_deleted_job_leaves_the_queue_and_never_runs() {
        jobs.enqueue(job(key("a"), 1));
        assertThat(jobs.deletePending(key("a"))).isTrue();
        assertThat(jobs.deletePending(key("a"))).isFalse();
        assertThat(jobs.deletePending(key("unknown"))).isFalse();
        assertThat(jobs.queueRemaining(tenant)).isZero();
        assertThat(jobs.status(key("a"))).isEmpty();
        assertThat(claims.claim("runner")).isEmpty();
    }

    @Test
    void a_clear_takes_out_what_was_accepted_before_it_and_nothing_else() {
        jobs.enqueue(job(key("a"), 1));
        jobs.enqueue(job(key("b"), 2));
        Claim running = started();
        jobs.clearPending(tenant);
        jobs.enqueue(job(key("c"), 3));
        assertThat(pending()).containsExactly("c");
        assertThat(jobs.running(tenant)).containsExactly(running.key());
        assertThat(jobs.queueRemaining(tenant)).isEqualTo(2);
        assertThat(jobs.status(key("b"))).isEmpty();
        assertThat(claims.claim("runner").orElseThrow().key()).isEqualTo(key("c"));
    }

    @Test
    void an_interrupt_reaches_a_running_job_only() {
        jobs.enqueue(job(key("a"), 1));
        assertThat(jobs.interrupt(key("a"))).isFalse();
        Claim claim = started();
        assertThat(claims.look(claim)).isEqualTo(new Pulse.Held(false));
        assertThat(jobs.interrupt(key("a"))).isTrue();
        assertThat(claims.look(claim)).isEqualTo(new Pulse.Held(true));
        assertThat(claims.heartbeat(claim)).isEqualTo(new Pulse.Held(true));
    }

    @Test
    void a_cancel_ends_a_job_wherever_it_stands() {
        jobs.enqueue(job(key("a"), 1));
        assertThat(jobs.cancel(key("a"))).isTrue();
        assertThat(jobs.status(key("a"))).isEmpty();
        jobs.enqueue(job(key("b"), 2));
        Claim claim = started();
        assertThat(jobs.cancel(key("b"))).isTrue();
        assertThat(claims.look(claim)).isEqualTo(new Pulse.Held(true));
        claims.finish(claim, result(JobResult.End.INTERRUPTED));
        assertThat(jobs.cancel(key("b"))).isFalse();
        assertThat(jobs.cancel(key("unknown"))).isFalse();
    }

    @Test
    void an_ended_job_stands_in_the_history_with_its_result() {
        jobs.enqueue(job(key("a"), 4, "client"));
        Claim claim = started();
        claims.finish(claim, result(JobResult.End.ERROR));
        HistoryEntry entry = jobs.historyOf(key("a")).orElseThrow();
        assertThat(entry.job()).isEqualTo(new QueuedJob(4, "a", body("a"), entry.created()));
        assertThat(entry.clientId()).isEqualTo("client");
        assertThat(entry.result()).isEqualTo(result(JobResult.End.ERROR));
        assertThat(jobs.history(tenant, -1, 0)).containsExactly(entry);
        assertThat(jobs.status(key("a"))).contains(JobStatus.ERROR);
        assertThat(jobs.queueRemaining(tenant)).isZero();
        assertThat(jobs.historyOf(key("unknown"))).isEmpty();
    }

    @Test
    void the_history_is_oldest_first_and_paged_as_in_ComfyUI() {
        List.of("a", "b", "c", "d").forEach(this::finished);
        assertThat(history(-1, 0)).containsExactly("a", "b", "c", "d");
        assertThat(history(2, -1)).containsExactly("c", "d");
        assertThat(history(2, 1)).containsExactly("b", "c");
        assertThat(history(9, 3)).containsExactly("d");
        assertThat(history(2, 7)).isEmpty();
    }

    @Test
    void a_deleted_entry_leaves_the_history() {
        finished("a");
        finished("b");
        jobs.deleteHistory(key("a"));
        jobs.deleteHistory(key("unknown"));
        assertThat(history(-1, 0)).containsExactly("b");
        assertThat(jobs.historyOf(key("a"))).isEmpty();
    }

    @Test
    void a_cleared_history_begins_anew() {
        finished("a");
        jobs.clearHistory(tenant);
        assertThat(history(-1, 0)).isEmpty();
        assertThat(jobs.historyOf(key("a"))).isEmpty();
        finished("b");
        assertThat(history(-1, 0)).containsExactly("b");
    }

    @Test
    void a_prompt_too_large_for_an_item_comes_back_whole() {
        String noise = noise(700_000);
        NewJob large = job(key("large"), 1);
        PromptBody body = body(noise);
        jobs.enqueue(
                new NewJob(large.key(), 1, null, body, "hash", false, large.catalogueDigest()));
        assertThat(jobs.queue(tenant).pending().getFirst().body()).isEqualTo(body);
        assertThat(claims.body(started())).isEqualTo(body);
    }

    @Test
    void a_result_too_large_for_an_item_comes_back_whole() {
        jobs.enqueue(job(key("a"), 1));
        ObjectNode outputs = JsonNodeFactory.instance.objectNode();
        outputs.putObject("1").putArray("text").add(noise(100_000));
        JobResult large =
                new JobResult(
                        JobResult.End.SUCCESS,
                        outputs,
                        JsonNodeFactory.instance.arrayNode(),
                        JsonNodeFactory.instance.objectNode());
        claims.finish(started(), large);
        assertThat(jobs.history(tenant, -1, 0).getFirst().result()).isEqualTo(large);
        jobs.deleteHistory(key("a"));
        assertThat(jobs.historyOf(key("a"))).isEmpty();
    }

    private static String noise(int length) {
        java.util.Random random = new java.util.Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    @Test
    void odd_ids_are_unknown_rather_than_errors() {
        for (String odd : List.of("", "a#b", "x".repeat(3000), "line\nbreak")) {
            assertThat(jobs.status(key(odd))).isEmpty();
            assertThat(jobs.historyOf(key(odd))).isEmpty();
            assertThat(jobs.deletePending(key(odd))).isFalse();
            assertThat(jobs.cancel(key(odd))).isFalse();
        }
    }

    @Test
    void tenants_do_not_see_one_another() {
        jobs.enqueue(job(key("a"), 1));
        JobKey other = new JobKey("t-" + UUID.randomUUID(), "a");
        assertThat(jobs.status(other)).isEmpty();
        assertThat(jobs.enqueue(job(other, 1))).isEqualTo(new Enqueued.Accepted(1));
        assertThat(jobs.queueRemaining(tenant)).isEqualTo(1);
    }
}
