package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.job;
import static comfyserverless.contract.job.SampleJobs.result;
import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Meter;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.tenant.Housekeeping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That a job says what its month counts, however it ended; and that what its tenant may not run yet asks for no
/// runner; on whatever stores.
public abstract class JobUsageContract {
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

    private void limit(Limit limit, long value) {
        ports.accounts().limit(tenant, new Limits(Map.of(limit, value)), Set.of());
    }

    private boolean accepted(String promptId) {
        NewJob job = job(new JobKey(tenant, promptId), 1);
        return ports.jobs().enqueue(job, ports.jobs().nextTurn(tenant, true))
                instanceof Enqueued.Accepted;
    }

    private Claim started() {
        Claim claim = claims.claim("runner").orElseThrow();
        assertThat(claims.start(claim)).isTrue();
        return claim;
    }

    private Usage month() {
        List<Usage> months = ports.accounts().usage(tenant);
        assertThat(months).hasSize(1);
        return months.getFirst();
    }

    private HistoryEntry entry(String promptId) {
        return ports.jobs().historyOf(new JobKey(tenant, promptId)).orElseThrow();
    }

    private Reconciled reconciled() {
        return ports.reconcile().run();
    }

    @Test
    void a_lost_job_says_what_its_month_counts_whatever_its_runner_still_stores() {
        accepted("a");
        Claim claim = started();
        ports.jobs().interrupt(claim.key());
        clock().advance(Duration.ofMinutes(5));
        assertThat(reconciled().ended()).containsExactly(claim.key());
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isFalse();
        assertThat(month().gpu()).isEqualTo(JobSettings.standard().lease());
        assertThat(entry("a").gpu()).isEqualTo(month().gpu());
        assertThat(entry("a").result().end()).isEqualTo(JobResult.End.INTERRUPTED);
        assertThat(entry("a").ended()).isEqualTo(clock().instant());
    }

    @Test
    void a_job_that_was_to_stop_ends_with_what_its_month_counts_when_it_is_given_back() {
        accepted("a");
        Claim claim = started();
        ports.jobs().interrupt(claim.key());
        clock().advance(Duration.ofSeconds(7));
        claims.giveBack(claim);
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isFalse();
        assertThat(entry("a").result().end()).isEqualTo(JobResult.End.INTERRUPTED);
        assertThat(entry("a").gpu()).isEqualTo(Duration.ofSeconds(7)).isEqualTo(month().gpu());
    }

    @Test
    void who_had_no_answer_and_asks_again_hears_that_its_job_ended_and_when() {
        accepted("a");
        Claim claim = started();
        clock().advance(Duration.ofSeconds(3));
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isTrue();
        clock().advance(Duration.ofSeconds(4));
        assertThat(claims.finish(claim, result(JobResult.End.SUCCESS))).isTrue();
        assertThat(month().jobs()).isEqualTo(1);
        assertThat(entry("a").gpu()).isEqualTo(Duration.ofSeconds(3)).isEqualTo(month().gpu());
    }

    @Test
    void what_waits_for_its_own_tenants_jobs_asks_for_no_runner() {
        limit(Limit.RUNNING, 2);
        for (int prompt = 0; prompt < 20; prompt++) {
            accepted("job-" + prompt);
        }
        assertThat(reconciled().load().total()).isEqualTo(new Load.Work(20, 2, 0, Duration.ZERO));
        Claim first = started();
        assertThat(reconciled().load().total().ready()).isEqualTo(1);
        started();
        Reconciled full = reconciled();
        assertThat(full.load().total()).isEqualTo(new Load.Work(18, 0, 2, Duration.ZERO));
        assertThat(full.tickets()).isZero();
        claims.finish(first, result(JobResult.End.SUCCESS));
        assertThat(reconciled().tickets()).isEqualTo(1);
    }

    @Test
    void what_waits_for_its_own_clients_job_asks_for_no_runner_while_the_client_has_a_socket() {
        for (int prompt = 0; prompt < 5; prompt++) {
            ports.jobs().enqueue(job(new JobKey(tenant, "page-" + prompt), 1, "page"));
            ports.jobs().enqueue(job(new JobKey(tenant, "script-" + prompt), 2, "script"));
        }
        assertThat(reconciled().load().total().ready()).isEqualTo(10);
        Connection socket =
                new Connection(
                        tenant, "page", "s-" + tenant, clock().instant(), Json.object(), false);
        ports.connections().connected(socket);
        assertThat(reconciled().load().total().ready()).isEqualTo(6);
        assertThat(started().clientId()).isEqualTo("page");
        Load.Work left = reconciled().load().total();
        assertThat(left.pending()).isEqualTo(9);
        assertThat(left.ready()).isEqualTo(5);
    }

    @Test
    void a_raised_limit_wakes_a_runner_in_the_next_round() {
        limit(Limit.RUNNING, 0);
        accepted("a");
        assertThat(claims.claim("runner")).isEmpty();
        assertThat(reconciled().tickets()).isZero();
        limit(Limit.RUNNING, 1);
        assertThat(reconciled().tickets()).isEqualTo(1);
        assertThat(claims.claim("runner")).isPresent();
    }

    @Test
    void a_tenant_that_may_run_nothing_holds_up_nobody() {
        limit(Limit.RUNNING, 0);
        accepted("a");
        String other = "u-" + tenant;
        ports.jobs().enqueue(job(new JobKey(other, "b"), 1));
        assertThat(claims.claim("runner").map(Claim::key)).contains(new JobKey(other, "b"));
    }

    @Test
    void a_limit_that_is_set_again_counts_what_came_meanwhile() {
        limit(Limit.PENDING, 2);
        assertThat(accepted("a")).isTrue();
        ports.accounts().limit(tenant, Limits.none(), Set.of(Limit.PENDING));
        assertThat(accepted("b")).isTrue();
        assertThat(accepted("c")).isTrue();
        limit(Limit.PENDING, 3);
        assertThat(accepted("d")).isFalse();
        ports.jobs().deletePending(new JobKey(tenant, "a"));
        assertThat(accepted("e")).isTrue();
        assertThat(accepted("f")).isFalse();
    }

    @Test
    void past_days_are_forgotten_but_not_their_month() {
        ports.accounts().create(tenant, Limits.none());
        for (int day = 0; day < 4; day++) {
            accepted("job-" + day);
            Claim claim = started();
            clock().advance(Duration.ofSeconds(2));
            claims.finish(claim, result(JobResult.End.SUCCESS));
            clock().advance(Duration.ofDays(1));
        }
        ports.housekeeping(Housekeeping.Bounds.STANDARD).run(Set.of());
        Item item = ports.stores().table().get(TenantItem.key(tenant)).orElseThrow();
        assertThat(item.values().keySet().stream().filter(name -> name.startsWith("day")))
                .containsExactly(Meter.today(clock().instant().minus(Duration.ofDays(1))));
        assertThat(month().gpu()).isEqualTo(Duration.ofSeconds(8));
    }
}
