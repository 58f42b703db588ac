package comfyserverless.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// R12: one runner, and tenants with much and with little to do.
class FairTurnsTest {
    private static final int OLD_JOBS = 1000;

    private final ManualClock clock = new ManualClock();
    private final InMemoryPorts ports = new InMemoryPorts(clock);

    private void enqueue(String tenant, String promptId) {
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, promptId), 0));
    }

    private Claim begin() {
        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(ports.claims().start(claim)).isTrue();
        clock.advance(Duration.ofMillis(20));
        return claim;
    }

    private void end(Claim claim) {
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
    }

    @Test
    void who_sends_one_prompt_is_next_however_many_old_ones_another_has() {
        for (int i = 0; i < OLD_JOBS; i++) {
            enqueue("busy", "old-" + i);
        }
        for (int i = 0; i < OLD_JOBS / 2; i++) {
            Claim running = begin();
            assertThat(running.key().tenant()).isEqualTo("busy");
            enqueue("modest", "new-" + i);
            end(running);
            Claim next = begin();
            assertThat(next.key()).isEqualTo(new JobKey("modest", "new-" + i));
            end(next);
        }
    }

    @Test
    void who_comes_anew_goes_before_all_who_were_served_and_then_each_has_its_turn() {
        List<String> tenants = new ArrayList<>();
        for (int tenant = 0; tenant < 10; tenant++) {
            tenants.add("tenant-" + tenant);
            for (int i = 0; i < 50; i++) {
                enqueue("tenant-" + tenant, "old-" + i);
            }
        }
        for (int i = 0; i < 25; i++) {
            end(begin());
        }
        enqueue("another", "first");
        enqueue("another", "second");
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Claim claim = begin();
            served.add(claim.key().tenant());
            end(claim);
        }
        assertThat(served.getFirst()).isEqualTo("another");
        assertThat(served.getLast()).isEqualTo("another");
        assertThat(served.subList(1, 11)).containsExactlyInAnyOrderElementsOf(tenants);
    }
}
