package comfyserverless.handlers.extension;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.handlers.queue.QueueNews;
import comfyserverless.routeapi.Tenant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a pack reaches in the name of one tenant is nothing of another's, whatever it names.
class OneTenantTest {
    private static final FileRef FILE = new FileRef(FileType.OUTPUT, "", "secret.png");

    private final ManualClock clock = new ManualClock();
    private final InMemoryPorts memory = new InMemoryPorts(clock);
    private final Tenant owner = tenant("owner");
    private final Tenant stranger = tenant("stranger");
    private Claim claim;

    private Tenant tenant(String name) {
        StatusBudget budget = new StatusBudget(StatusBudget.DIRECT, () -> 0);
        HandlerPorts ports =
                new HandlerPorts(
                        memory.ports(),
                        new HandlerPorts.Content(
                                memory.models(),
                                () -> new Nodes.Known("digest", Map.of(), _ -> Optional.empty()),
                                new MountedWebFiles(Map.of())),
                        new HandlerPorts.Messages(memory.post(), _ -> {}, budget),
                        new HandlerPorts.Chance(clock, () -> "id"),
                        HandlerSettings.defaults());
        QueueNews news =
                new QueueNews(
                        memory.jobs(), memory.connections(), memory.post(), 8, budget, _ -> {});
        return new OneTenant(name, new Server(ports, news, _ -> Response.empty(200)));
    }

    @BeforeEach
    void give_the_owner_one_of_each() {
        memory.jobs().enqueue(SampleJobs.job(new JobKey("owner", "ended"), 1, "client"));
        Claim first = memory.claims().claim("runner").orElseThrow();
        memory.claims().finish(first, SampleJobs.result(JobResult.End.SUCCESS));
        memory.jobs().enqueue(SampleJobs.job(new JobKey("owner", "running"), 2, "client"));
        claim = memory.claims().claim("runner").orElseThrow();
        memory.jobs().enqueue(SampleJobs.job(new JobKey("owner", "waiting"), 3, "other"));
        owner.files().put(FILE, new byte[] {1, 2, 3});
        Connection connection =
                new Connection("owner", "client", "c1", clock.instant(), Json.object(), false);
        memory.connections().connected(connection);
        assertThat(memory.connections().greet(connection)).isTrue();
    }

    @Test
    void the_owner_finds_them() {
        assertThat(owner.jobs().running()).containsExactly("running");
        assertThat(owner.jobs().remaining()).isEqualTo(2);
        assertThat(owner.jobs().history("ended")).isPresent();
        assertThat(owner.jobs().history(10)).hasSize(1);
        assertThat(owner.files().list(FileType.OUTPUT)).hasSize(1);
        assertThat(owner.files().read(FILE)).hasValue(new byte[] {1, 2, 3});
        assertThat(owner.clients().connected()).containsExactly("client");
        assertThat(owner.mailbox().send(Letter.toNode("1", TextNode.valueOf("x")))).isEqualTo(1);
    }

    @Test
    void another_tenant_sees_no_jobs_and_cannot_end_them() {
        assertThat(stranger.jobs().running()).isEmpty();
        assertThat(stranger.jobs().queue().pending()).isEmpty();
        assertThat(stranger.jobs().remaining()).isZero();
        for (String promptId : new String[] {"ended", "running", "waiting", "x#owner"}) {
            assertThat(stranger.jobs().status(promptId)).isEmpty();
            assertThat(stranger.jobs().history(promptId)).isEmpty();
            assertThat(stranger.jobs().cancel(promptId)).isFalse();
        }
        assertThat(stranger.jobs().history(10)).isEmpty();
        assertThat(owner.jobs().remaining()).isEqualTo(2);
    }

    @Test
    void another_tenant_finds_no_files_and_replaces_none() {
        assertThat(stranger.files().find(FILE)).isEmpty();
        assertThat(stranger.files().read(FILE)).isEmpty();
        assertThat(stranger.files().list(FileType.OUTPUT)).isEmpty();
        assertThat(stranger.files().delete(FILE)).isFalse();
        assertThat(stranger.files().putIfAbsent(FILE, new byte[] {9})).isPresent();
        assertThat(owner.files().read(FILE)).hasValue(new byte[] {1, 2, 3});
    }

    @Test
    void another_tenant_reaches_neither_sockets_nor_nodes() {
        assertThat(stranger.clients().connected()).isEmpty();
        assertThat(stranger.clients().send("client", "my.news", Json.object())).isFalse();
        assertThat(stranger.clients().sendToAll("my.news", Json.object())).isZero();
        assertThat(memory.post().texts("c1")).isEmpty();
        Letter letter = Letter.toNode("1", TextNode.valueOf("x"));
        assertThat(stranger.mailbox().send(letter)).isZero();
        assertThat(stranger.mailbox().send(letter.inPrompt("running").ofClient("client"))).isZero();
        assertThat(stranger.mailbox().send(Letter.toClass("PreviewAny", letter.content())))
                .isZero();
        assertThat(memory.ports().mailbox().take(claim, "PreviewAny", "1")).isFalse();
        assertThat(memory.ports().mailbox().read(claim, 0)).isEmpty();
    }
}
