package comfyserverless.handlers.wake;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.RunnerCapacity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateLimitedWakeTest {
    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);
    private final CountingIds ids = new CountingIds();
    private final AtomicInteger woken = new AtomicInteger();

    private Wake wake(RunnerCapacity capacity) {
        return new RateLimitedWake(table, "default", capacity, clock, ids);
    }

    @Test
    void the_first_job_wakes_a_runner_at_once() {
        wake(woken::incrementAndGet).jobWaits();
        assertThat(woken).hasValue(1);
    }

    @Test
    void jobs_of_the_next_30_seconds_wake_nobody_whichever_function_sees_them() {
        Wake one = wake(woken::incrementAndGet);
        Wake other = wake(woken::incrementAndGet);
        one.jobWaits();
        other.jobWaits();
        clock.advance(Duration.ofSeconds(29));
        one.jobWaits();
        other.jobWaits();
        assertThat(woken).hasValue(1);
        clock.advance(Duration.ofSeconds(31));
        one.jobWaits();
        other.jobWaits();
        assertThat(woken).hasValue(2);
    }

    @Test
    void a_wake_that_fails_breaks_nothing() {
        Wake failing =
                wake(() -> {
                    throw new UncheckedIOException(new IOException("no answer"));
                });
        failing.jobWaits();
        clock.advance(Duration.ofSeconds(30));
        wake(woken::incrementAndGet).jobWaits();
        assertThat(woken).hasValue(1);
    }
}
