package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.aws.Aws;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.job.Turn;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// R8: what a prompt and a claim cost does not depend on how many jobs wait. `-Dbacklog.jobs=100000` is its full size.
class BacklogIT {
    private static final int SHORT = 100;
    private static final int LONG = Integer.getInteger("backlog.jobs", 2000);
    private static final int MEASURED = 40;
    private static final int AT_ONCE = 8;

    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final CapacityMeter meter = new CapacityMeter();
    private final Aws aws =
            EmbeddedStores.open(SampleJobs.settings(pool), Clock.systemUTC(), meter);
    private final Ports ports = aws.ports();

    /// What one step used each time, and how long it took.
    private static final class Measured {
        private final List<Map<String, Double>> used = new ArrayList<>();
        private final List<Long> nanos = new ArrayList<>();

        private Duration at(double part) {
            List<Long> sorted = nanos.stream().sorted().toList();
            return Duration.ofNanos(sorted.get((int) (part * (sorted.size() - 1))));
        }

        @Override
        public String toString() {
            return "median %.1f ms, p99 %.1f ms, %s"
                    .formatted(
                            at(0.5).toNanos() / 1e6,
                            at(0.99).toNanos() / 1e6,
                            new TreeMap<>(used.getLast()));
        }
    }

    @Test
    void a_prompt_and_a_claim_cost_the_same_behind_any_backlog() {
        fill(0, SHORT);
        run(10);
        Measured enqueue = new Measured();
        Measured claim = new Measured();
        measure(enqueue, claim);
        fill(SHORT, LONG);
        Measured enqueueLong = new Measured();
        Measured claimLong = new Measured();
        long heap = heap();
        measure(enqueueLong, claimLong);
        System.out.printf("enqueue behind %d: %s%n", SHORT, enqueue);
        System.out.printf("enqueue behind %d: %s%n", LONG, enqueueLong);
        System.out.printf("claim behind %d: %s%n", SHORT, claim);
        System.out.printf("claim behind %d: %s%n", LONG, claimLong);
        System.out.printf("heap before and after: %d MB, %d MB%n", heap >> 20, heap() >> 20);
        assertThat(enqueueLong.used).isEqualTo(enqueue.used);
        assertThat(claimLong.used).isEqualTo(claim.used);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// Each time a prompt comes and a job runs, so the backlog stays as long as it is.
    private void measure(Measured enqueue, Measured claim) {
        for (int i = 0; i < MEASURED; i++) {
            meter.taken();
            long began = System.nanoTime();
            enqueue(name());
            enqueue.nanos.add(System.nanoTime() - began);
            enqueue.used.add(meter.taken());
            began = System.nanoTime();
            Claim claimed = ports.claims().claim("runner").orElseThrow();
            claim.nanos.add(System.nanoTime() - began);
            claim.used.add(meter.taken());
            end(claimed);
        }
    }

    private void run(int jobs) {
        for (int i = 0; i < jobs; i++) {
            enqueue(name());
            end(ports.claims().claim("runner").orElseThrow());
        }
    }

    private void end(Claim claim) {
        assertThat(ports.claims().start(claim)).isTrue();
        assertThat(ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS))).isTrue();
    }

    private static String name() {
        return UUID.randomUUID().toString();
    }

    private void enqueue(String promptId) {
        JobKey key = new JobKey(tenant, promptId);
        Turn turn = ports.jobs().nextTurn(tenant, true);
        ports.jobs().enqueue(SampleJobs.job(key, (double) turn.number(), "client"), turn);
    }

    private void fill(int from, int to) {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = from; i < to; i++) {
                threads.execute(() -> enqueue(name()));
            }
        }
    }
}
