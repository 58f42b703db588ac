package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.SampleJobs;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Many jobs, runners that die and calls that fail or whose answers are lost, on the real SDK.
class StormIT {
    private static final int JOBS = 80;
    private static final int RUNNERS = 6;
    private static final Duration LEASE = Duration.ofSeconds(2);

    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final Map<String, Integer> finishes = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    private Ports ports(ExecutionInterceptor... faults) {
        return EmbeddedStores.open(
                        SampleJobs.settings(pool).withLease(LEASE).withParallelPerClient(true),
                        Clock.systemUTC(),
                        faults)
                .ports();
    }

    @Test
    void every_job_ends_exactly_once_though_runners_die_and_answers_are_lost()
            throws InterruptedException {
        Ports ports = ports(new LostAnswers(0));
        Jobs seen = ports().jobs();
        IntStream.range(0, JOBS).forEach(i -> enqueue(ports, "job-" + i));
        List<Thread> threads = new ArrayList<>();
        for (int runner = 1; runner <= RUNNERS; runner++) {
            long seed = runner;
            threads.add(Thread.ofVirtual().start(() -> runner(seed)));
        }
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    reconcile(ports);
                    assertThat(seen.history(tenant, -1, 0)).hasSize(JOBS);
                });
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen.queueRemaining(tenant)).isZero();
        assertThat(seen.history(tenant, -1, 0))
                .hasSize(JOBS)
                .allSatisfy(entry ->
                        assertThat(finishes.getOrDefault(entry.job().promptId(), 0))
                                .as(entry.toString())
                                .isEqualTo(runsToItsEnd(entry)));
    }

    /// A job ends without a runner when three were lost with it.
    private static int runsToItsEnd(HistoryEntry entry) {
        return entry.result().end() == JobResult.End.SUCCESS ? 1 : 0;
    }

    private void enqueue(Ports ports, String promptId) {
        JobKey key = new JobKey(tenant, promptId);
        while (true) {
            try {
                ports.jobs().enqueue(SampleJobs.retryable(key, "hash"));
                return;
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining("cannot");
            }
        }
    }

    private static void reconcile(Ports ports) {
        try {
            ports.reconcile().run();
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageContaining("cannot");
        }
    }

    /// One process after the other: each dies at some call.
    private void runner(long seed) {
        Random random = new Random(seed);
        Claims claims = ports(new LostAnswers(seed)).claims();
        while (!over.get()) {
            try {
                Optional<Claim> claim = claims.claim("runner-" + UUID.randomUUID());
                claim.ifPresent(held -> work(claims, held, random));
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining("cannot");
            }
        }
    }

    private void work(Claims claims, Claim claim, Random random) {
        boolean dies = random.nextInt(10) == 0;
        if (dies || !claims.start(claim)) {
            return;
        }
        if (random.nextInt(10) == 0) {
            claims.giveBack(claim);
            return;
        }
        if (isEnded(claims, claim)) {
            finishes.merge(claim.key().promptId(), 1, Integer::sum);
        }
    }

    /// A runner asks until it has an answer, for the end may have happened without one.
    private boolean isEnded(Claims claims, Claim claim) {
        while (true) {
            try {
                return claims.finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining("cannot");
            }
        }
    }
}
