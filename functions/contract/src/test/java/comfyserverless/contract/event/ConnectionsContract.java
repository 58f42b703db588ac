package comfyserverless.contract.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Connections] and [EventLog] do, on whatever stores. Each test uses a tenant of its own.
public abstract class ConnectionsContract {
    private final String run = UUID.randomUUID().toString();
    private final String tenant = "t-" + run;
    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private Connections connections;
    private EventLog log;

    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        Ports ports = ports(JobSettings.standard());
        connections = ports.connections();
        log = ports.eventLog();
    }

    private Connection connection(String clientId, String connectionId, Instant at) {
        return new Connection(tenant, clientId, connectionId + "-" + run, at, Json.object(), false);
    }

    private Connection connected(String clientId, String connectionId, Instant at) {
        Connection connection = connection(clientId, connectionId, at);
        connections.connected(connection);
        return connection;
    }

    @Test
    void a_connection_is_found_by_client_and_by_its_own_id() {
        Connection connection = connected("client", "c1", noon);
        assertThat(connections.find(tenant, "client")).contains(connection);
        assertThat(connections.byConnectionId(connection.connectionId())).contains(connection);
        assertThat(connections.all(tenant)).containsExactly(connection);
        assertThat(connections.find(tenant, "other")).isEmpty();
        assertThat(connections.find("other", "client")).isEmpty();
    }

    @Test
    void the_newest_socket_of_a_client_wins() {
        Connection newer = connected("client", "c2", noon.plusSeconds(1));
        connected("client", "c1", noon);
        assertThat(connections.find(tenant, "client")).contains(newer);
        Connection newest = connected("client", "c3", noon.plusSeconds(2));
        assertThat(connections.find(tenant, "client")).contains(newest);
    }

    @Test
    void a_late_disconnect_leaves_the_newer_socket() {
        Connection old = connected("client", "c1", noon);
        Connection newer = connected("client", "c2", noon.plusSeconds(1));
        connections.disconnected(old.connectionId());
        assertThat(connections.find(tenant, "client")).contains(newer);
        assertThat(connections.byConnectionId(old.connectionId())).isEmpty();
        connections.disconnected(newer.connectionId());
        assertThat(connections.find(tenant, "client")).isEmpty();
        connections.disconnected("never-was-" + run);
    }

    @Test
    void a_connection_is_greeted_once() {
        Connection connection = connected("client", "c1", noon);
        assertThat(connections.greet(connection)).isTrue();
        assertThat(connections.greet(connection)).isFalse();
        assertThat(connections.find(tenant, "client").orElseThrow().greeted()).isTrue();
        assertThat(connections.greet(connection("client", "gone", noon))).isFalse();
    }

    @Test
    void features_are_kept_with_the_connection() {
        Connection connection = connected("client", "c1", noon);
        ObjectNode features = Json.object().put("supports_preview_metadata", true);
        connections.announce(connection, features);
        assertThat(connections.find(tenant, "client").orElseThrow().features()).isEqualTo(features);
        assertThat(connections.byConnectionId(connection.connectionId()).orElseThrow().features())
                .isEqualTo(features);
    }

    @Test
    void every_connection_is_in_one_keep_alive_group() {
        Connection connection = connected("client", "c1", noon);
        List<Integer> groups =
                java.util.stream.IntStream.range(0, Connections.KEEP_ALIVE_SLOTS)
                        .filter(slot -> ids(slot).contains(connection.connectionId()))
                        .boxed()
                        .toList();
        assertThat(groups).hasSize(1);
        connections.disconnected(connection.connectionId());
        assertThat(ids(groups.getFirst())).doesNotContain(connection.connectionId());
    }

    private List<String> ids(int slot) {
        return connections.keepAlive(slot).stream().map(Connection::connectionId).toList();
    }

    @Test
    void client_ids_may_be_any_text() {
        for (String odd : List.of("a#b", "ü \"'", "x".repeat(3000))) {
            Connection connection = connected(odd, "c" + odd.hashCode(), noon);
            assertThat(connections.find(tenant, odd)).contains(connection);
        }
    }

    @Test
    void the_log_gives_the_messages_of_the_last_run_in_order() {
        JobKey job = new JobKey(tenant, "a");
        assertThat(log.read(job)).isEmpty();
        log.append(job, 1, new EventLog.Logged(0, "lost"));
        log.append(job, 3, new EventLog.Logged(0, "first"));
        log.append(job, 3, new EventLog.Logged(10, "third"));
        log.append(job, 3, new EventLog.Logged(9, "second"));
        assertThat(log.read(job))
                .extracting(EventLog.Logged::json)
                .containsExactly("first", "second", "third");
    }
}
