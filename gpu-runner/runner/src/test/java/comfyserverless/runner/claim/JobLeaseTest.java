package comfyserverless.runner.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.json.Json;
import comfyserverless.runner.run.RunStopped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// When a runner may write for its job, by the monotonic clock.
class JobLeaseTest {
    private static final Duration LENGTH = Duration.ofSeconds(60);

    private final AtomicLong nanos = new AtomicLong();
    private final PulsingClaims claims = new PulsingClaims();
    private final JobLease lease = new JobLease(claims, claim(), LENGTH, nanos::get, 0);

    /// Claims whose store answers what the test says; null stands for no answer.
    private static final class PulsingClaims implements Claims {
        private Optional<Pulse> answer = Optional.empty();

        @Override
        public Pulse heartbeat(Claim claim) {
            return answer.orElseThrow(
                    () -> new UncheckedIOException(new IOException("the store is away")));
        }

        @Override
        public Pulse look(Claim claim) {
            return heartbeat(claim);
        }

        @Override
        public Optional<Claim> claim(String own) {
            return Optional.empty();
        }

        @Override
        public boolean start(Claim claim) {
            return true;
        }

        @Override
        public PromptBody body(Claim claim) {
            throw new UnsupportedOperationException("no prompt here");
        }

        @Override
        public boolean finish(Claim claim, JobResult result) {
            return true;
        }

        @Override
        public void giveBack(Claim claim) {}

        @Override
        public void giveBackAll(String own) {}
    }

    private static Claim claim() {
        InMemoryPorts ports = new InMemoryPorts();
        JobKey key = new JobKey("default", "p");
        PromptBody body = new PromptBody(Json.object(), Json.object(), List.of());
        ports.jobs().enqueue(new NewJob(key, 0, null, body, "hash", false, "digest"));
        return ports.claims().claim("me").orElseThrow();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private CompletableFuture<Boolean> askToWrite() {
        return CompletableFuture.supplyAsync(
                lease::awaitWritable, Executors.newVirtualThreadPerTaskExecutor());
    }

    @Test
    void while_the_lease_runs_writing_is_allowed() {
        pass(LENGTH.minusSeconds(1));
        assertThat(lease.awaitWritable()).isTrue();
    }

    @Test
    void after_its_end_nothing_is_written_until_a_heartbeat_succeeds() {
        pass(LENGTH);
        CompletableFuture<Boolean> write = askToWrite();
        lease.beat();
        lease.look();
        assertThat(write).isNotDone();
        claims.answer = Optional.of(new Pulse.Held(false));
        lease.look();
        assertThat(write).isNotDone();
        lease.beat();
        await().until(write::isDone);
        assertThat(write.join()).isTrue();
    }

    @Test
    void a_lost_job_is_never_written_for_again() {
        pass(LENGTH);
        CompletableFuture<Boolean> write = askToWrite();
        claims.answer = Optional.of(new Pulse.Lost());
        lease.look();
        await().until(write::isDone);
        assertThat(write.join()).isFalse();
        assertThatThrownBy(lease::check)
                .isInstanceOfSatisfying(
                        RunStopped.class,
                        e -> assertThat(e.reason()).isEqualTo(RunStopped.Reason.TAKEN_AWAY));
    }

    @Test
    void the_last_messages_of_a_finished_job_may_go_out() {
        lease.ending();
        claims.answer = Optional.of(new Pulse.Lost());
        lease.look();
        lease.finished();
        pass(LENGTH);
        assertThat(lease.isGone()).isFalse();
        assertThat(lease.awaitWritable()).isTrue();
    }

    @Test
    void a_store_that_is_away_takes_no_job_from_its_runner() {
        lease.beat();
        lease.look();
        lease.check();
        assertThat(lease.isGone()).isFalse();
    }

    @Test
    void a_cancel_stops_the_run_at_the_next_border() {
        claims.answer = Optional.of(new Pulse.Held(true));
        lease.look();
        assertThatThrownBy(lease::check)
                .isInstanceOfSatisfying(
                        RunStopped.class,
                        e -> assertThat(e.reason()).isEqualTo(RunStopped.Reason.INTERRUPTED));
    }
}
