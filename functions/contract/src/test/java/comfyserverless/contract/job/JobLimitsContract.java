package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.job;
import static comfyserverless.contract.job.SampleJobs.result;
import static comfyserverless.contract.job.SampleJobs.retryable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What limits do to a tenant's jobs, and what their runs add up to, on whatever stores.
public abstract class JobLimitsContract {
    private final String tenant = "t-" + UUID.randomUUID();
    private Ports ports;
    private Claims claims;

    protected abstract Ports ports(JobSettings settings);

    protected abstract ManualClock clock();

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(tenant));
        claims = ports.claims();
    }

    private void limit(String limits) {
        ports.accounts().limit(tenant, Limits.parse(limits), Set.of());
    }

    private Enqueued enqueue(String promptId) {
        return enqueue(job(new JobKey(tenant, promptId), 1));
    }

    private Enqueued enqueue(NewJob job) {
        return ports.jobs().enqueue(job, ports.jobs().nextTurn(tenant, true));
    }

    private boolean accepted(String promptId) {
        return enqueue(promptId) instanceof Enqueued.Accepted;
    }

    private static LimitReached reached(Enqueued enqueued) {
        return enqueued instanceof Enqueued.Limited(LimitReached reached)
                ? reached
                : fail(enqueued.toString());
    }

    private Claim started() {
        Claim claim = claims.claim("runner").orElseThrow();
        assertThat(claims.start(claim)).isTrue();
        return claim;
    }

    private void ran(Duration time) {
        Claim claim = started();
        clock().advance(time);
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isTrue();
    }

    private List<Usage> usage() {
        return ports.accounts().usage(tenant);
    }

    private YearMonth month() {
        return YearMonth.from(clock().instant().atOffset(ZoneOffset.UTC));
    }

    @Test
    void no_more_wait_than_may() {
        assertThat(accepted("before")).isTrue();
        limit("pending=2");
        assertThat(accepted("a")).isTrue();
        assertThat(reached(enqueue("b")).limit()).isEqualTo(Limit.PENDING);
        assertThat(ports.jobs().queue(tenant).pending()).hasSize(2);
        started();
        assertThat(accepted("b")).isTrue();
        assertThat(accepted("c")).isFalse();
        ports.jobs().deletePending(new JobKey(tenant, "b"));
        assertThat(accepted("c")).isTrue();
        assertThat(accepted("d")).isFalse();
        ports.jobs().clearPending(tenant);
        assertThat(accepted("d")).isTrue();
        assertThat(accepted("e")).isTrue();
        assertThat(accepted("f")).isFalse();
    }

    @Test
    void a_limit_of_none_lets_none_in() {
        limit("pending=0");
        assertThat(reached(enqueue("a")).value()).isZero();
    }

    @Test
    void a_limit_that_was_lifted_for_a_while_counts_what_came_meanwhile() {
        limit("pending=2");
        assertThat(accepted("a")).isTrue();
        ports.accounts().limit(tenant, Limits.none(), Set.of(Limit.PENDING));
        assertThat(accepted("b")).isTrue();
        assertThat(accepted("c")).isTrue();
        clock().advance(Duration.ofMinutes(5));
        limit("pending=2");
        assertThat(accepted("d")).isFalse();
    }

    @Test
    void who_asks_again_has_the_first_answer_though_the_queue_is_full() {
        limit("pending=1 gpu-seconds=0");
        ports.accounts().limit(tenant, Limits.none(), Set.of(Limit.GPU_SECONDS));
        NewJob job = retryable(new JobKey(tenant, "again"), "hash");
        assertThat(enqueue(job)).isInstanceOf(Enqueued.Accepted.class);
        assertThat(enqueue(job)).isInstanceOf(Enqueued.Again.class);
        limit("gpu-seconds=0");
        assertThat(enqueue(job)).isInstanceOf(Enqueued.Again.class);
        assertThat(reached(enqueue("other")).limit()).isEqualTo(Limit.GPU_SECONDS);
    }

    @Test
    void prompts_that_come_together_do_not_get_in_together() throws Exception {
        limit("pending=3");
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers =
                    IntStream.range(0, 12)
                            .mapToObj(client ->
                                    clients.submit(() -> {
                                        go.await();
                                        return accepted("job-" + client);
                                    }))
                            .toList();
            go.countDown();
            int in = 0;
            for (Future<Boolean> answer : answers) {
                in += answer.get() ? 1 : 0;
            }
            assertThat(in).isEqualTo(3);
        }
        assertThat(ports.jobs().queue(tenant).pending()).hasSize(3);
    }

    @Test
    void no_more_run_than_may_and_the_rest_waits() {
        limit("running=1");
        enqueue("a");
        enqueue("b");
        Claim first = started();
        assertThat(claims.claim("another runner")).isEmpty();
        assertThat(ports.jobs().queue(tenant).pending()).hasSize(1);
        assertThat(claims.finish(first, result(JobResult.End.SUCCESS))).isTrue();
        assertThat(claims.claim("another runner")).isPresent();
    }

    @Test
    void each_job_counts_once_with_the_run_that_ended_it() {
        enqueue("a");
        ran(Duration.ofSeconds(3));
        assertThat(usage()).containsExactly(new Usage(month(), Duration.ofSeconds(3), 1));
        enqueue("b");
        Claim given = started();
        clock().advance(Duration.ofSeconds(10));
        claims.giveBack(given);
        assertThat(claims.finish(given, result(JobResult.End.SUCCESS))).isFalse();
        ran(Duration.ofSeconds(4));
        assertThat(usage()).containsExactly(new Usage(month(), Duration.ofSeconds(7), 2));
    }

    @Test
    void a_job_whose_runner_was_lost_counts_up_to_its_leases_end() {
        enqueue("a");
        Claim claim = started();
        ports.jobs().interrupt(claim.key());
        clock().advance(Duration.ofMinutes(5));
        ports.reconcile().run();
        Duration lease = JobSettings.standard().lease();
        assertThat(usage()).containsExactly(new Usage(month(), lease, 1));
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isFalse();
        assertThat(usage()).containsExactly(new Usage(month(), lease, 1));
    }

    @Test
    void what_was_never_run_costs_nothing() {
        enqueue("a");
        ports.jobs().deletePending(new JobKey(tenant, "a"));
        assertThat(usage()).isEmpty();
    }

    @Test
    void the_days_seconds_are_used_up_and_new_the_next_day() {
        limit("gpu-seconds=5");
        enqueue("a");
        enqueue("b");
        ran(Duration.ofSeconds(5));
        LimitReached reached = reached(enqueue("c"));
        assertThat(reached.limit()).isEqualTo(Limit.GPU_SECONDS);
        assertThat(reached.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofDays(1));
        assertThat(claims.claim("runner")).as("what was accepted runs").isPresent();
        clock().advance(reached.retryAfter());
        assertThat(accepted("c")).isTrue();
    }

    @Test
    void whoever_finds_the_queue_full_is_told_how_long_a_run_usually_takes() {
        enqueue("a");
        ran(Duration.ofSeconds(20));
        limit("pending=0");
        assertThat(reached(enqueue("b")).retryAfter().toSeconds()).isEqualTo(20);
    }

    @Test
    void a_tenant_that_is_being_deleted_queues_nothing() {
        ports.stores()
                .table()
                .write(Write.update(TenantItem.key(tenant), Change.set(TenantItem.CLOSING, 1)));
        assertThat(enqueue("a")).isInstanceOf(Enqueued.Closed.class);
        assertThat(ports.jobs().queue(tenant).pending()).isEmpty();
    }
}
