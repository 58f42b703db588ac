package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.result;
import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.InMemoryWebhookQueue;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.contract.webhook.WebhookTask;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [WebhookOutbox] hands over, on whatever stores. Each test uses a pool and tenants of its own.
public abstract class WebhookOutboxContract {
    private static final URI URL = URI.create("https://example.com/hook");

    /// What the ports go by.
    protected final ManualClock clock =
            new ManualClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final InMemoryWebhookQueue queue = new InMemoryWebhookQueue(clock);
    private Ports ports;
    private Jobs jobs;
    private Claims claims;
    private WebhookOutbox outbox;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(pool));
        jobs = ports.jobs();
        claims = ports.claims();
        outbox = ports.webhookOutbox(queue);
    }

    private JobKey key(String promptId) {
        return new JobKey(tenant, promptId);
    }

    private void enqueue(String promptId, WebhookEvent... events) {
        WebhookTarget target = new WebhookTarget(URL, Set.of(events));
        jobs.enqueue(SampleJobs.job(key(promptId), 1).withWebhook(target));
    }

    private void run(JobResult.End end) {
        Claim claim = claims.claim("runner").orElseThrow();
        claims.start(claim);
        claims.finish(claim, result(end));
    }

    private List<String> sweep() {
        outbox.sweep(tenant, clock.instant());
        return events();
    }

    private List<String> events() {
        return queue.bodies().stream()
                .map(WebhookTask::of)
                .map(task -> task.promptId() + " " + task.event().word())
                .toList();
    }

    private Item item(String promptId) {
        return ports.stores().table().get(JobItem.key(key(promptId))).orElseThrow();
    }

    @Test
    void each_end_is_told() {
        enqueue("a", WebhookEvent.COMPLETED);
        run(JobResult.End.SUCCESS);
        enqueue("b", WebhookEvent.FAILED);
        run(JobResult.End.ERROR);
        enqueue("c", WebhookEvent.CANCELLED);
        run(JobResult.End.INTERRUPTED);
        enqueue("d", WebhookEvent.CANCELLED);
        jobs.deletePending(key("d"));
        assertThat(sweep())
                .containsExactlyInAnyOrder(
                        "a job.completed", "b job.failed", "c job.cancelled", "d job.cancelled");
    }

    @Test
    void what_nobody_asked_for_is_not_told() {
        enqueue("a", WebhookEvent.FAILED);
        run(JobResult.End.SUCCESS);
        jobs.enqueue(SampleJobs.job(key("b"), 1));
        run(JobResult.End.ERROR);
        assertThat(sweep()).isEmpty();
        assertThat(outbox.sweep(tenant, clock.instant())).isZero();
    }

    @Test
    void what_was_handed_over_is_not_swept_again() {
        enqueue("a", WebhookEvent.COMPLETED);
        run(JobResult.End.SUCCESS);
        sweep();
        assertThat(sweep()).hasSize(1);
    }

    @Test
    void what_the_stream_tells_need_not_be_swept() {
        enqueue("a", WebhookEvent.STARTED, WebhookEvent.COMPLETED);
        Item pending = item("a");
        Claim claim = claims.claim("runner").orElseThrow();
        claims.start(claim);
        Item running = item("a");
        claims.finish(claim, result(JobResult.End.SUCCESS));
        Item ended = item("a");
        outbox.changed(null, pending);
        outbox.changed(pending, running);
        outbox.changed(running, ended);
        outbox.changed(ended, null);
        assertThat(events()).containsExactly("a job.started", "a job.completed");
        assertThat(sweep()).hasSize(2);
    }

    @Test
    void the_sweep_leaves_what_became_due_later() {
        enqueue("a", WebhookEvent.COMPLETED);
        run(JobResult.End.SUCCESS);
        Instant until = clock.instant().minusSeconds(1);
        assertThat(outbox.sweep(tenant, until)).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(outbox.sweep(tenant, clock.instant().minusSeconds(1))).isEqualTo(1);
    }

    @Test
    void a_job_that_a_clear_took_out_is_told_of_once_it_was_swept() {
        enqueue("a", WebhookEvent.CANCELLED);
        jobs.clearPending(tenant);
        ports.reconcile().run();
        assertThat(sweep()).containsExactly("a job.cancelled");
    }

    @Test
    void a_job_cleared_between_its_claim_and_its_start_is_told_of() {
        enqueue("a", WebhookEvent.CANCELLED);
        Claim claim = claims.claim("runner").orElseThrow();
        jobs.clearPending(tenant);
        claims.start(claim);
        assertThat(sweep()).containsExactly("a job.cancelled");
    }

    @Test
    void a_job_that_was_lost_too_often_is_told_of() {
        enqueue("a", WebhookEvent.FAILED);
        JobSettings settings = ports.settings();
        Duration lost = settings.lease().plus(settings.grace()).plusSeconds(1);
        while (claims.claim("runner").map(claims::start).orElse(false)) {
            clock.advance(lost);
            ports.reconcile().run();
        }
        assertThat(sweep()).containsExactly("a job.failed");
    }

    @Test
    void the_end_of_a_job_is_told_though_its_id_was_used_again() {
        enqueue("a", WebhookEvent.COMPLETED);
        run(JobResult.End.SUCCESS);
        enqueue("a", WebhookEvent.FAILED);
        run(JobResult.End.ERROR);
        assertThat(sweep()).containsExactlyInAnyOrder("a job.completed", "a job.failed");
        assertThat(queue.bodies().stream().map(WebhookTask::of).map(WebhookTask::id))
                .doesNotHaveDuplicates();
        assertThat(sweep()).hasSize(2);
    }

    @Test
    void a_history_entry_that_was_deleted_is_told_of_as_it_ended() {
        enqueue("a", WebhookEvent.COMPLETED, WebhookEvent.CANCELLED);
        run(JobResult.End.SUCCESS);
        jobs.deleteHistory(key("a"));
        assertThat(sweep()).containsExactly("a job.completed");
    }

    @Test
    void the_tenants_own_address_hears_of_jobs_that_bring_none() {
        ports.webhookSettings(() -> new byte[24])
                .setTarget(tenant, new WebhookTarget(URL, WebhookEvent.ENDS));
        NewJob job = SampleJobs.job(key("a"), 1);
        jobs.enqueue(job, jobs.nextTurn(tenant, true));
        run(JobResult.End.SUCCESS);
        jobs.enqueue(
                SampleJobs.job(key("b"), 2)
                        .withWebhook(new WebhookTarget(URL, Set.of(WebhookEvent.FAILED))),
                jobs.nextTurn(tenant, true));
        run(JobResult.End.ERROR);
        sweep();
        assertThat(queue.bodies().stream().map(WebhookTask::of))
                .extracting(task -> task.promptId() + " " + task.source())
                .containsExactlyInAnyOrder("a " + Hook.Source.TENANT, "b " + Hook.Source.PROMPT);
    }

    @Test
    void a_tenant_stays_in_the_rounds_while_it_owes_a_webhook() {
        enqueue("a", WebhookEvent.COMPLETED);
        run(JobResult.End.SUCCESS);
        clock.advance(ports.settings().idleTenant().plusMinutes(1));
        assertThat(ports.reconcile().run().load().tenants()).containsKey(tenant);
        assertThat(ports.reconcile().run().load().tenants()).containsKey(tenant);
        sweep();
        ports.reconcile().run();
        assertThat(ports.reconcile().run().load().tenants()).doesNotContainKey(tenant);
    }
}
