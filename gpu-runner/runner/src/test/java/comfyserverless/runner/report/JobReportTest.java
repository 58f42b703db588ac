package comfyserverless.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.BinaryFrame;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a job's client hears, whatever its sockets do.
class JobReportTest {
    private static final String TENANT = "default";

    private final InMemoryPorts memory = new InMemoryPorts();
    private Claim claim;
    private final List<JobReport> opened = new ArrayList<>();

    @BeforeEach
    void open() {
        memory.jobs().enqueue(SampleJobs.job(new JobKey(TENANT, "p"), 1, "me"));
        memory.jobs().enqueue(SampleJobs.job(new JobKey(TENANT, "q"), 2, null));
        claim = memory.claims().claim("own").orElseThrow();
    }

    private JobReport start() {
        Reports reports =
                new Reports(
                        new Reports.Clients(
                                memory.connections(),
                                memory.eventLog(),
                                memory.ports().missed(),
                                memory.ports().jobLog()),
                        new Reports.Sending(
                                new Sender(memory.post(), new CountingIds(), 31 * 1024),
                                new StatusBudget(StatusBudget.DIRECT, System::nanoTime),
                                31 * 1024),
                        Clock.systemUTC(),
                        System::nanoTime);
        opened.add(reports.open(claim, () -> true));
        return opened.getLast();
    }

    @AfterEach
    void close() {
        opened.forEach(JobReport::close);
    }

    private Connection connect(String id) {
        return connect(id, "me");
    }

    private Connection connect(String id, String clientId) {
        Connection connection =
                new Connection(TENANT, clientId, id, Instant.now(), Json.object(), false);
        memory.connections().connected(connection);
        return connection;
    }

    private void greet(Connection connection, long upTo) {
        memory.connections()
                .greet(connection, List.of(new Connection.Resumed("p", claim.fence(), upTo)));
    }

    private void lose(String connectionId) {
        memory.post().close(connectionId);
        memory.connections().disconnected(connectionId);
    }

    private static Event executing(String node) {
        return new Event.Executing(node, node, "p");
    }

    private List<String> heard(String connectionId) {
        return memory.post().texts(connectionId).stream()
                .map(Json::read)
                .map(m -> m.path("type").asText() + node(m))
                .toList();
    }

    private static String node(JsonNode message) {
        return message.at("/data/node").isTextual() ? " " + message.at("/data/node").asText() : "";
    }

    /// At its end a report looks after its client at once, and in 50 ms steps only while there is something to
    /// wait for.
    @Test
    void a_client_that_has_heard_everything_is_not_waited_for() {
        greet(connect("a"), -1);
        List<Event> all = List.of(executing("1"), executing("2"));
        long began = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            JobReport report = start();
            all.forEach(report::tell);
            assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }

    private void awaitHeard(String connectionId, String... messages) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(heard(connectionId)).containsExactly(messages));
    }

    @Test
    void a_new_socket_hears_what_the_old_one_did_not_take() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        report.tell(executing("1"));
        awaitHeard("A", "executing 1");
        lose("A");
        report.tell(executing("2"));
        report.tell(executing("3"));
        memory.connections().greet(connect("B"));
        awaitHeard("B", "executing 2", "executing 3");
    }

    @Test
    void what_the_greeting_told_is_not_told_again() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        report.tell(executing("1"));
        awaitHeard("A", "executing 1");
        lose("A");
        report.tell(executing("2"));
        report.tell(executing("3"));
        await().until(() -> memory.eventLog().read(claim.key()).size() == 3);
        greet(connect("B"), 1);
        awaitHeard("B", "executing 3");
    }

    @Test
    void a_picture_that_no_log_holds_is_sent_though_the_greeting_went_beyond_it() {
        JobReport report = start();
        report.tell(executing("1"));
        report.tell(new Event.Preview(new PreviewFrame("image/png", new byte[] {1}, null)));
        report.tell(executing("2"));
        await().until(() -> memory.eventLog().read(claim.key()).size() == 2);
        greet(connect("A"), 2);
        report.refresh();
        await().until(() ->
                memory.post().sent().stream()
                        .anyMatch(RecordingPost.Sent.Binary.class::isInstance));
        assertThat(heard("A")).isEmpty();
    }

    @Test
    void the_state_of_the_nodes_comes_with_a_new_socket() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        report.tell(new Event.ProgressState("p", Map.of()));
        awaitHeard("A", "progress_state");
        lose("A");
        memory.connections().greet(connect("B"));
        report.refresh();
        awaitHeard("B", "progress_state");
    }

    @Test
    void a_socket_that_is_not_greeted_yet_is_waited_for() {
        Connection waiting = connect("A");
        JobReport report = start();
        report.tell(executing("1"));
        report.tell(executing("2"));
        assertThat(heard("A")).isEmpty();
        memory.connections().greet(waiting);
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        assertThat(heard("A")).containsExactly("executing 1", "executing 2");
    }

    @Test
    void a_client_that_is_away_at_the_end_has_a_note_of_it() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        report.tell(executing("1"));
        awaitHeard("A", "executing 1");
        lose("A");
        report.tell(new Event.ExecutionSuccess("p", 1));
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        assertThat(memory.ports().missed().of(TENANT, "me")).containsExactly("p");
    }

    @Test
    void who_heard_everything_has_no_note() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        report.tell(new Event.ExecutionSuccess("p", 1));
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        assertThat(memory.ports().missed().of(TENANT, "me")).isEmpty();
    }

    @Test
    void a_burst_of_counts_is_cut_to_the_budget_of_the_socket() {
        memory.connections().greet(connect("A"));
        JobReport report = start();
        for (int i = 0; i < 100; i++) {
            report.tell(new Event.Status(i, null));
        }
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        assertThat(heard("A")).hasSizeBetween(20, 22).containsOnly("status");
    }

    private List<BinaryFrame> framesOf(String connectionId) {
        return memory.post().sent().stream()
                .filter(RecordingPost.Sent.Binary.class::isInstance)
                .map(RecordingPost.Sent.Binary.class::cast)
                .filter(sent -> sent.connectionId().equals(connectionId))
                .map(sent -> BinaryFrame.decode(array(sent.bytes())))
                .toList();
    }

    private static byte[] array(List<Byte> bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.size());
        bytes.forEach(buffer::put);
        return buffer.array();
    }

    @Test
    void what_a_node_says_to_nobody_in_particular_reaches_every_client() {
        memory.connections().greet(connect("A"));
        memory.connections().greet(connect("other", "you"));
        JobReport report = start();
        report.tell(new Event.CustomToAll("my.message", Json.object()));
        report.tell(new Event.ProgressText("1", "half"));
        report.tell(new Event.Custom("mine.alone", Json.object()));
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        assertThat(heard("A")).containsExactly("my.message", "mine.alone");
        assertThat(heard("other")).containsExactly("my.message");
        assertThat(framesOf("A")).containsExactly(new BinaryFrame.Text("1", "half"));
        assertThat(framesOf("other")).containsExactly(new BinaryFrame.Text("1", "half"));
    }

    @Test
    void what_a_node_of_nobodys_prompt_says_reaches_every_client() {
        claim = memory.claims().claim("own").orElseThrow();
        memory.connections().greet(connect("A"));
        memory.connections().greet(connect("other", "you"));
        JobReport report = start();
        report.tell(new Event.Custom("my.message", Json.object()));
        report.tell(new Event.ProgressText("1", "half"));
        ObjectNode ids = Json.object().put("node_id", "1");
        report.tell(new Event.Preview(new PreviewFrame("image/png", new byte[] {1}, ids)));
        report.tell(executing("1"));
        assertThat(report.drain(Duration.ofSeconds(5))).isTrue();
        for (String socket : List.of("A", "other")) {
            assertThat(heard(socket)).containsExactly("my.message");
            assertThat(framesOf(socket))
                    .hasSize(2)
                    .contains(new BinaryFrame.Text("1", "half"))
                    .hasAtLeastOneElementOfType(BinaryFrame.Picture.class);
        }
    }
}
