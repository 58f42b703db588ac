package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.aws.Aws;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.job.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a job costs: exactly the calls of `calls-per-job.json`, and as many with a backlog as without.
class CallsPerJobIT {
    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final CallCounter calls = new CallCounter();
    private final Aws aws =
            EmbeddedStores.open(SampleJobs.settings(pool), Clock.systemUTC(), calls);
    private final Ports ports = aws.ports();

    private void enqueue(String promptId) {
        JobKey key = new JobKey(tenant, promptId);
        Turn turn = ports.jobs().nextTurn(tenant, true);
        ports.jobs().enqueue(SampleJobs.job(key, (double) turn.number(), "client"), turn);
        ports.tickets().send();
    }

    /// The first job of a tenant; the ones after it cost the same.
    @Test
    void each_step_of_a_job_makes_the_calls_that_it_needs(@TempDir Path folder) throws IOException {
        Path picture = Files.writeString(folder.resolve("a.png"), "pixels");
        calls.taken();

        enqueue("a");
        assertThat(calls.taken())
                .as("number and place; job, prompt and active tenant; ticket")
                .isEqualTo(CallTable.of("enqueue"));

        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(calls.taken())
                .as("active tenants, pending, running, and running again once it is ours")
                .isEqualTo(CallTable.of("claim"));

        assertThat(ports.claims().start(claim)).isTrue();
        assertThat(ports.claims().body(claim).outputsToExecute()).containsExactly("1");
        assertThat(calls.taken()).isEqualTo(CallTable.of("start"));

        ports.claims().heartbeat(claim);
        assertThat(calls.taken()).isEqualTo(CallTable.of("heartbeat"));
        ports.claims().look(claim);
        assertThat(calls.taken()).isEqualTo(CallTable.of("look"));

        ports.files().putOutput(claim, new FileRef(FileType.OUTPUT, "", "a.png"), picture);
        assertThat(calls.taken()).isEqualTo(CallTable.of("output"));

        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(calls.taken())
                .as("result, place in the history, end")
                .isEqualTo(CallTable.of("finish"));
    }

    @Test
    void a_backlog_makes_nothing_dearer() {
        for (int i = 0; i < 60; i++) {
            enqueue("job-" + i);
        }
        calls.taken();
        enqueue("last");
        assertThat(calls.taken()).isEqualTo(CallTable.of("enqueue"));
        assertThat(ports.claims().claim("runner")).isPresent();
        assertThat(calls.taken()).isEqualTo(CallTable.of("claim"));
    }

    /// But for counting what waits, at first and when the number is old.
    @Test
    void limits_make_nothing_dearer() {
        Limits limits =
                new Limits(Map.of(Limit.PENDING, 9L, Limit.RUNNING, 2L, Limit.GPU_SECONDS, 99L));
        ports.accounts().limit(tenant, limits, Set.of());
        enqueue("a");
        calls.taken();
        enqueue("b");
        assertThat(calls.taken()).isEqualTo(CallTable.of("enqueue"));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(calls.taken()).isEqualTo(CallTable.of("claim"));
        ports.claims().start(claim);
        calls.taken();
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(calls.taken()).isEqualTo(CallTable.of("finish"));
    }
}
