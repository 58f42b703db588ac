package comfyserverless.runner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtectedClaimsTest {
    private static final JobKey JOB = new JobKey("tenant", "a");

    private final InMemoryPorts memory = new InMemoryPorts(new ManualClock());
    private final List<String> asked = new ArrayList<>();
    private final ProtectedClaims claims =
            new ProtectedClaims(memory.claims(), new RecordingProtection());

    private final class RecordingProtection implements TaskProtection {
        @Override
        public void hold(Object holder) {
            asked.add("hold");
        }

        @Override
        public void release(Object holder) {
            asked.add("release");
        }
    }

    private Claim claimed() {
        memory.jobs().enqueue(SampleJobs.job(JOB, 1));
        return claims.claim("runner").orElseThrow();
    }

    @Test
    void a_runner_that_finds_no_job_may_be_stopped_again() {
        assertThat(claims.claim("runner")).isEmpty();
        assertThat(asked).containsExactly("hold", "release");
    }

    @Test
    void protection_lasts_from_before_the_claim_to_the_end_of_the_job() {
        Claim claim = claimed();
        assertThat(claims.start(claim)).isTrue();
        claims.heartbeat(claim);
        assertThat(asked).containsExactly("hold", "hold");
        claims.finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(asked).endsWith("release");
    }

    @Test
    void a_job_that_is_given_back_protects_no_longer() {
        claims.giveBack(claimed());
        assertThat(asked).containsExactly("hold", "release");
    }

    @Test
    void a_lost_job_is_not_held_again() {
        Claim claim = claimed();
        memory.claims().giveBack(claim);
        claims.heartbeat(claim);
        assertThat(asked).containsExactly("hold");
    }
}
