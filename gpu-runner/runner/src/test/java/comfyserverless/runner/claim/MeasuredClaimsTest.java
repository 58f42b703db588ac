package comfyserverless.runner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredClaimsTest {
    private final ManualClock clock = new ManualClock();
    private final InMemoryPorts memory = new InMemoryPorts(clock);
    private final List<JsonNode> lines = new ArrayList<>();
    private final MeasuredClaims claims =
            new MeasuredClaims(
                    memory.claims(), "comfy", clock, line -> lines.add(Json.read(line.text())));

    private Claim claimedAfter(Duration wait) {
        memory.jobs().enqueue(SampleJobs.job(new JobKey("team", "a"), 1));
        clock.advance(wait);
        return claims.claim("runner").orElseThrow();
    }

    @Test
    void an_ended_job_says_how_long_it_waited_and_ran_for_its_tenant_and_for_all() {
        Claim claim = claimedAfter(Duration.ofSeconds(7));
        clock.advance(Duration.ofMillis(2500));
        claims.finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(lines).hasSize(1);
        JsonNode line = lines.getFirst();
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString())
                .isEqualTo("[[\"Deployment\"],[\"Deployment\",\"Tenant\"]]");
        assertThat(line.path("Tenant").asText()).isEqualTo("team");
        assertThat(line.path("WaitSeconds").asDouble()).isEqualTo(7);
        assertThat(line.path("RunSeconds").asDouble()).isEqualTo(2.5);
        assertThat(line.path("JobsEnded").asInt()).isEqualTo(1);
        assertThat(line.path("JobsFailed").asInt(-1)).isZero();
    }

    @Test
    void it_names_the_job_and_the_trace_of_the_request_that_brought_it() {
        String trace = "1-58406520-a006649127e371903a2de979";
        memory.jobs().enqueue(SampleJobs.job(new JobKey("team", "a"), 1).withTrace(trace));
        claims.finish(
                claims.claim("runner").orElseThrow(), SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(lines.getFirst().path("PromptId").asText()).isEqualTo("a");
        assertThat(lines.getFirst().path("TraceId").asText()).isEqualTo(trace);
        claims.finish(claimedAfter(Duration.ZERO), SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(lines.getLast().has("TraceId")).isFalse();
    }

    @Test
    void errors_are_counted() {
        claims.finish(claimedAfter(Duration.ZERO), SampleJobs.result(JobResult.End.ERROR));
        assertThat(lines.getFirst().path("JobsFailed").asInt()).isEqualTo(1);
    }

    @Test
    void a_runner_that_lost_its_job_says_nothing_of_it() {
        Claim claim = claimedAfter(Duration.ZERO);
        memory.claims().giveBack(claim);
        claims.finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(lines).isEmpty();
    }
}
