package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.RunnerCapacity;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.state.TableAccess;
import comfyserverless.contract.webhook.WebhookTask;
import comfyserverless.handlers.wake.RateLimitedWake;
import comfyserverless.handlers.webhook.Caller;
import comfyserverless.handlers.webhook.WebhookCalls;
import comfyserverless.handlers.webhook.WebhookNews;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each part touches of the table is what the templates let it touch.
class TableAccessTest {
    private static final JobKey JOB = new JobKey("default", "a");

    private final TestServer server = new TestServer();
    private final Ports ports = server.memory.ports();

    private Claim running() {
        ports.jobs().enqueue(SampleJobs.job(JOB, 1, "client"));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(ports.claims().start(claim)).isTrue();
        return claim;
    }

    private Set<String> touched() {
        return server.memory.table().touched();
    }

    private static void assertWithin(TableAccess access, Set<String> touched) {
        assertThat(touched).isNotEmpty().allMatch(access::allows);
    }

    @BeforeEach
    void nothing_was_touched() {
        touched();
    }

    @Test
    void sockets() {
        running();
        touched();
        server.connect("S1", "client");
        server.frame("S1", "{\"type\":\"feature_flags\",\"data\":{}}");
        server.breakOff("S1");
        server.connect("S2", "client");
        server.disconnect("S2");
        assertWithin(TableAccess.SOCKET, touched());
    }

    @Test
    void the_stream() throws IOException {
        for (int i = 0; i < 12; i++) {
            server.connect("S" + i, "client" + i);
        }
        touched();
        RunnerCapacity nobody = () -> {};
        StatusEntry entry =
                new StatusEntry(
                        server.stream(),
                        new RateLimitedWake(
                                server.memory.table(),
                                "default",
                                nobody,
                                server.clock,
                                () -> "operation"),
                        new WebhookNews(server.ports.webhookOutbox(), server.clock),
                        server.ports.accounts());
        ObjectNode event = Json.object();
        ObjectNode change = event.putArray("Records").addObject().putObject("dynamodb");
        ObjectNode keys = change.putObject("Keys");
        keys.putObject("PK").put("S", "Q#default");
        keys.putObject("SK").put("S", "J#a");
        change.putObject("NewImage").putObject("st").put("S", "P");
        entry.handleRequest(
                new ByteArrayInputStream(Json.writeBytes(event)),
                new ByteArrayOutputStream(),
                new NoContext());
        assertThat(touched()).contains("Z#default").allMatch(TableAccess.STATUS::allows);
    }

    @Test
    void reconciling_a_job_whose_runner_was_lost_three_times() {
        server.connect("S1", "client");
        ports.jobs().enqueue(SampleJobs.job(JOB, 1, "client"));
        touched();
        for (int i = 0; i < 3; i++) {
            assertThat(ports.claims().claim("runner" + i)).isPresent();
            touched();
            server.clock.advance(Duration.ofMinutes(2));
            new ReconcileEntry(server.ports).run();
            assertWithin(TableAccess.RECONCILE, touched());
        }
        assertThat(ports.jobs().queueRemaining("default")).isZero();
    }

    @Test
    void calling_a_webhook_and_handing_it_over() {
        server.post(
                "/prompt",
                TestServer.prompt("text", ""),
                "x-webhook-url",
                "https://example.org/hook");
        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(ports.claims().start(claim)).isTrue();
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        touched();
        server.clock.advance(Duration.ofMinutes(1));
        new WebhookNews(server.ports.webhookOutbox(), server.clock).sweep(List.of("default"));
        Set<String> handing = touched();
        assertWithin(TableAccess.STATUS, handing);
        assertWithin(TableAccess.RECONCILE, handing);
        WebhookTask task = WebhookTask.of(server.webhooks.bodies().getFirst());
        Caller busy = (_, _, _) -> new Caller.Answer(503, "");
        assertThat(WebhookCalls.of(server.ports, busy).make(task)).isPresent();
        assertWithin(TableAccess.WEBHOOK, touched());
    }

    @Test
    void a_runner(@TempDir Path folder) throws IOException {
        Claim claim = running();
        Path picture = Files.writeString(folder.resolve("a.png"), "pixels");
        ports.claims().body(claim);
        ports.claims().heartbeat(claim);
        ports.files().putOutput(claim, new FileRef(FileType.OUTPUT, "", "a.png"), picture);
        ports.missed().add("default", "client", "a");
        ports.results(1 << 20).keep("default", "name", new byte[1]);
        ports.catalogues().publish("digest", new byte[1]);
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertWithin(TableAccess.RUNNER, touched());
    }
}
