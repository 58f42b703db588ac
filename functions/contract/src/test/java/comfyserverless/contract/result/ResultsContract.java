package comfyserverless.contract.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What [Results] do, on whatever stores. Each test uses a tenant of its own.
public abstract class ResultsContract {
    private static final int LIMIT = 20_000;

    private final String tenant = "t-" + UUID.randomUUID();

    /// The port on a store that may hold earlier results.
    ///
    /// @param limit how many bytes of a tenant are kept
    protected abstract Results results(long limit);

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void what_is_kept_is_found_and_read() {
        Results results = results(LIMIT);
        results.keep(tenant, "small", bytes(3));
        results.keep(tenant, "large", bytes(5_000));
        assertThat(results.find(tenant, List.of("small", "large", "none")))
                .containsExactlyInAnyOrder("small", "large");
        assertThat(results.read(tenant, "small")).hasValue(bytes(3));
        assertThat(results.read(tenant, "large")).hasValue(bytes(5_000));
        assertThat(results.read(tenant, "none")).isEmpty();
    }

    @Test
    void a_tenant_never_sees_what_another_keeps() {
        Results results = results(LIMIT);
        results.keep("other-" + tenant, "name", bytes(3));
        assertThat(results.find(tenant, List.of("name"))).isEmpty();
        assertThat(results.read(tenant, "name")).isEmpty();
    }

    @Test
    void beyond_the_limit_the_oldest_goes() {
        Results results = results(LIMIT);
        for (int i = 0; i < 5; i++) {
            results.keep(tenant, "n" + i, bytes(5_000));
        }
        assertThat(results.read(tenant, "n0")).isEmpty();
        assertThat(results.read(tenant, "n4")).isPresent();
        assertThat(results.find(tenant, List.of("n0", "n1", "n2", "n3", "n4"))).hasSize(3);
    }

    @Test
    void what_alone_is_beyond_the_limit_is_not_kept() {
        Results results = results(LIMIT);
        results.keep(tenant, "huge", bytes(LIMIT + 1));
        assertThat(results.find(tenant, List.of("huge"))).isEmpty();
    }

    @Test
    void a_repeated_keep_counts_once_in_the_end() {
        Results results = results(LIMIT);
        results.keep(tenant, "first", bytes(5_000));
        for (int i = 0; i < 10; i++) {
            results.keep(tenant, "again", bytes(5_000));
        }
        assertThat(results.find(tenant, List.of("first", "again"))).hasSize(2);
    }

    @Test
    void clearing_drops_all() {
        Results results = results(LIMIT);
        results.keep(tenant, "small", bytes(3));
        results.keep(tenant, "large", bytes(5_000));
        results.clear(tenant);
        assertThat(results.find(tenant, List.of("small", "large"))).isEmpty();
    }
}
