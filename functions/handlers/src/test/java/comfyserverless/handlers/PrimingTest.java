package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.handlers.auth.AuthSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is done once before a snapshot, so that no request after it is the first.
class PrimingTest {
    private static final Map<String, String> SNAPSHOT =
            Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");

    /// Of the pool, which is no tenant's.
    private static final String RUNNERS = "R#default";

    private final TestServer server =
            new TestServer(
                    settings -> settings.withAuth(AuthSettings.of(Map.of("COMFY_AUTH", "key"))));

    private Set<String> touchedBy(Map<String, String> environment) {
        server.memory.table().touched();
        assertThat(new HttpEntry(server.ports, environment)).isNotNull();
        return server.memory.table().touched();
    }

    @Test
    void routes_and_keys_come_to_the_stores_where_callers_need_a_key() {
        Set<String> touched = touchedBy(SNAPSHOT);
        assertThat(touched).contains("Q#priming", "T#priming");
        assertThat(touched).anyMatch(partition -> partition.startsWith("Y#"));
    }

    @Test
    void nothing_of_a_tenant_is_in_the_snapshot() {
        assertThat(touchedBy(SNAPSHOT))
                .filteredOn(partition -> !partition.equals(RUNNERS))
                .noneMatch(partition -> partition.contains("default"));
        assertThat(server.memory.table().items()).isEmpty();
    }

    @Test
    void a_start_that_no_snapshot_is_taken_of_calls_nothing() {
        assertThat(touchedBy(Map.of())).isEmpty();
        assertThat(touchedBy(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"))).isEmpty();
    }

    @Test
    void the_streams_function_looks_for_the_sockets_of_nobody_and_wakes_no_runner()
            throws IOException {
        List<String> woken = new ArrayList<>();
        StatusEntry status = new StatusEntry(server.ports, () -> woken.add("runner"));
        server.memory.table().touched();
        Priming.of(status, SNAPSHOT, StatusEntry.NOBODYS_JOB_ENDED);
        assertThat(server.memory.table().touched()).contains("W#priming");
        assertThat(server.memory.table().items()).isEmpty();
        assertThat(woken).isEmpty();
        status.handleRequest(
                new ByteArrayInputStream(
                        StatusEntry.NOBODYS_JOB_ENDED.getBytes(StandardCharsets.UTF_8)),
                OutputStream.nullOutputStream(),
                new NoContext());
    }
}
