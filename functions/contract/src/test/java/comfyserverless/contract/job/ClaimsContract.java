package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.job;
import static comfyserverless.contract.job.SampleJobs.result;
import static comfyserverless.contract.job.SampleJobs.stale;
import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Claims] and [Reconcile] do, on whatever stores. Each test uses a pool of its own.
public abstract class ClaimsContract {
    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private Ports ports;
    private Jobs jobs;
    private Claims claims;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    protected abstract Clock clock();

    protected abstract void advance(Duration by);

    @BeforeEach
    void open() {
        JobSettings standard = JobSettings.standard();
        ports =
                ports(
                        new JobSettings(
                                pool,
                                standard.lease(),
                                standard.grace(),
                                standard.tombstone(),
                                standard.idleTenant(),
                                false));
        jobs = ports.jobs();
        claims = ports.claims();
    }

    private JobKey key(String promptId) {
        return new JobKey(tenant, promptId);
    }

    private Claim claim() {
        return claims.claim("runner").orElseThrow();
    }

    private void loseLease() {
        advance(ports.settings().lease().plus(ports.settings().grace()).plusSeconds(1));
    }

    private Reconciled reconcile() {
        return ports.reconcile().run();
    }

    @Test
    void a_runner_gives_back_what_it_holds_without_knowing_and_nothing_else() {
        jobs.enqueue(job(key("a"), 1));
        jobs.enqueue(job(key("b"), 2));
        jobs.enqueue(job(key("c"), 3));
        Claim first = claims.claim("forgetful").orElseThrow();
        Claim second = claims.claim("forgetful").orElseThrow();
        Claim other = claim();
        claims.giveBackAll("forgetful");
        assertThat(jobs.status(first.key())).contains(JobStatus.PENDING);
        assertThat(jobs.status(second.key())).contains(JobStatus.PENDING);
        assertThat(claims.look(other)).isInstanceOf(Pulse.Held.class);
        assertThat(claim().key()).isEqualTo(first.key());
        assertThat(claims.start(first)).isFalse();
    }

    @Test
    void an_empty_queue_gives_no_claim() {
        assertThat(claims.claim("runner")).isEmpty();
    }

    @Test
    void a_job_is_claimed_once() {
        jobs.enqueue(job(key("a"), 1, "client"));
        Claim claim = claim();
        assertThat(claim.key()).isEqualTo(key("a"));
        assertThat(claim.clientId()).isEqualTo("client");
        assertThat(claim.fence()).isEqualTo(1);
        assertThat(claims.body(claim)).isEqualTo(SampleJobs.body("a"));
        assertThat(claims.claim("other")).isEmpty();
        assertThat(jobs.running(tenant)).containsExactly(key("a"));
    }

    @Test
    void a_job_cleared_before_its_start_does_not_run() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        jobs.clearPending(tenant);
        assertThat(claims.start(claim)).isFalse();
        assertThat(jobs.queueRemaining(tenant)).isZero();
        assertThat(claims.heartbeat(claim)).isInstanceOf(Pulse.Lost.class);
    }

    @Test
    void a_stale_claim_can_do_nothing() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        Claim stale = stale(claim);
        assertThat(claims.start(stale)).isFalse();
        assertThat(claims.heartbeat(stale)).isInstanceOf(Pulse.Lost.class);
        assertThat(claims.look(stale)).isInstanceOf(Pulse.Lost.class);
        assertThat(claims.finish(stale, result(JobResult.End.SUCCESS))).isFalse();
        claims.giveBack(stale);
        assertThat(claims.look(claim)).isEqualTo(new Pulse.Held(false));
        assertThat(jobs.historyOf(key("a"))).isEmpty();
    }

    @Test
    void a_job_finishes_once() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        claims.start(claim);
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isTrue();
        assertThat(claims.finish(claim, result(JobResult.End.ERROR))).isFalse();
        assertThat(jobs.status(key("a"))).contains(JobStatus.SUCCESS);
    }

    @Test
    void what_a_lost_run_brought_is_not_shown_whether_it_comes_before_or_after() {
        jobs.enqueue(job(key("a"), 1));
        Claim lost = claim();
        claims.start(lost);
        claims.giveBack(lost);
        Claim second = claim();
        claims.start(second);
        assertThat(claims.finish(lost, result(JobResult.End.ERROR))).isFalse();
        assertThat(claims.finish(second, result(JobResult.End.SUCCESS))).isTrue();
        assertThat(claims.finish(lost, result(JobResult.End.ERROR))).isFalse();
        assertThat(jobs.historyOf(key("a")).orElseThrow().result())
                .isEqualTo(result(JobResult.End.SUCCESS));
    }

    @Test
    void a_job_given_back_is_pending_at_its_old_place_under_a_higher_fence() {
        jobs.enqueue(job(key("a"), 1));
        jobs.enqueue(job(key("b"), 2));
        Claim first = claim();
        claims.start(first);
        claims.giveBack(first);
        assertThat(jobs.queue(tenant).pending().getFirst().promptId()).isEqualTo("a");
        assertThat(claims.finish(first, result(JobResult.End.SUCCESS))).isFalse();
        Claim second = claim();
        assertThat(second.key()).isEqualTo(key("a"));
        assertThat(second.fence()).isGreaterThan(first.fence() + 1);
    }

    @Test
    void a_job_given_back_with_a_stop_asked_for_is_interrupted() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        claims.start(claim);
        jobs.interrupt(key("a"));
        claims.giveBack(claim);
        assertThat(jobs.status(key("a"))).contains(JobStatus.INTERRUPTED);
        assertThat(jobs.history(tenant, -1, 0)).hasSize(1);
    }

    @Test
    void a_job_given_back_unstarted_after_a_clear_is_gone() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        jobs.clearPending(tenant);
        claims.giveBack(claim);
        assertThat(jobs.status(key("a"))).isEmpty();
        assertThat(claims.claim("runner")).isEmpty();
    }

    @Test
    void a_started_job_given_back_survives_a_clear_that_came_while_it_ran() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        claims.start(claim);
        jobs.clearPending(tenant);
        claims.giveBack(claim);
        reconcile();
        assertThat(claim().key()).isEqualTo(key("a"));
    }

    @Test
    void a_heartbeat_keeps_the_lease() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        advance(Duration.ofSeconds(50));
        assertThat(claims.heartbeat(claim)).isEqualTo(new Pulse.Held(false));
        advance(Duration.ofSeconds(50));
        assertThat(reconcile().requeued()).isEmpty();
        assertThat(claims.look(claim)).isEqualTo(new Pulse.Held(false));
    }

    @Test
    void a_job_whose_lease_is_lost_is_pending_again_and_its_runner_shut_out() {
        jobs.enqueue(job(key("a"), 1));
        Claim claim = claim();
        claims.start(claim);
        loseLease();
        assertThat(reconcile().requeued()).containsExactly(key("a"));
        assertThat(claims.heartbeat(claim)).isInstanceOf(Pulse.Lost.class);
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isFalse();
        assertThat(jobs.status(key("a"))).contains(JobStatus.PENDING);
    }

    @Test
    void a_job_whose_runner_is_lost_three_times_ends_as_an_error() {
        jobs.enqueue(job(key("a"), 1));
        for (int loss = 0; loss < 2; loss++) {
            claims.start(claim());
            loseLease();
            assertThat(reconcile().requeued()).containsExactly(key("a"));
        }
        claims.start(claim());
        loseLease();
        assertThat(reconcile().ended()).containsExactly(key("a"));
        HistoryEntry entry = jobs.historyOf(key("a")).orElseThrow();
        assertThat(entry.result().end()).isEqualTo(JobResult.End.ERROR);
        assertThat(entry.result().messages().toString()).contains("the runner was lost 3 times");
    }

    @Test
    void giving_back_is_no_loss() {
        jobs.enqueue(job(key("a"), 1));
        for (int round = 0; round < 4; round++) {
            claims.giveBack(claim());
        }
        claim();
        loseLease();
        assertThat(reconcile().requeued()).containsExactly(key("a"));
    }

    @Test
    void a_lost_job_that_was_to_stop_is_interrupted() {
        jobs.enqueue(job(key("a"), 1));
        claims.start(claim());
        jobs.interrupt(key("a"));
        loseLease();
        assertThat(reconcile().ended()).containsExactly(key("a"));
        assertThat(jobs.status(key("a"))).contains(JobStatus.INTERRUPTED);
    }

    @Test
    void reconcile_sends_the_tickets_that_are_missing() {
        assertThat(reconcile().tickets()).isZero();
        jobs.enqueue(job(key("a"), 1));
        jobs.enqueue(job(key("b"), 2));
        assertThat(reconcile().tickets()).isEqualTo(1);
    }

    @Test
    void reconcile_sweeps_what_clears_have_hidden() {
        jobs.enqueue(job(key("a"), 1));
        jobs.enqueue(job(key("b"), 2));
        claims.finish(claim(), result(JobResult.End.SUCCESS));
        jobs.clearPending(tenant);
        jobs.clearHistory(tenant);
        assertThat(reconcile().swept()).isEqualTo(2);
        assertThat(reconcile().swept()).isZero();
    }

    @Test
    void a_tenant_without_work_leaves_the_rounds_and_comes_back_with_its_next_job() {
        jobs.enqueue(job(key("a"), 1));
        claims.finish(claim(), result(JobResult.End.SUCCESS));
        advance(Duration.ofHours(1));
        reconcile();
        jobs.enqueue(job(key("b"), 1));
        assertThat(claim().key()).isEqualTo(key("b"));
    }

    @Test
    void tenants_take_turns() {
        JobKey other = new JobKey("u-" + pool, "z");
        for (String id : List.of("a", "b", "c")) {
            jobs.enqueue(job(key(id), 1));
        }
        claim();
        advance(Duration.ofSeconds(1));
        jobs.enqueue(job(other, 9));
        assertThat(claim().key()).isEqualTo(other);
        advance(Duration.ofSeconds(1));
        assertThat(claim().key()).isEqualTo(key("b"));
    }

    @Test
    void a_client_with_an_open_socket_runs_one_job_at_a_time() {
        connect("client");
        jobs.enqueue(job(key("a"), 1, "client"));
        jobs.enqueue(job(key("b"), 2, "client"));
        jobs.enqueue(job(key("c"), 3, "another"));
        Claim first = claim();
        assertThat(first.key()).isEqualTo(key("a"));
        assertThat(claim().key()).isEqualTo(key("c"));
        assertThat(claims.claim("runner")).isEmpty();
        claims.finish(first, result(JobResult.End.SUCCESS));
        assertThat(claim().key()).isEqualTo(key("b"));
    }

    @Test
    void a_client_without_a_socket_runs_many_jobs_at_once() {
        jobs.enqueue(job(key("a"), 1, "script"));
        jobs.enqueue(job(key("b"), 2, "script"));
        assertThat(claim().key()).isEqualTo(key("a"));
        assertThat(claim().key()).isEqualTo(key("b"));
    }

    private void connect(String clientId) {
        ports.connections()
                .connected(
                        new Connection(
                                tenant,
                                clientId,
                                "connection-" + pool,
                                clock().instant(),
                                Json.object(),
                                true));
    }
}
