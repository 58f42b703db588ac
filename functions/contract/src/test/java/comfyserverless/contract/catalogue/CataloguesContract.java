package comfyserverless.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Catalogues] and [Runners] do, on whatever stores. Each test uses a pool of its own.
public abstract class CataloguesContract {
    private final String pool = UUID.randomUUID().toString();
    private Catalogues catalogues;
    private Runners runners;

    protected abstract Ports ports(JobSettings settings);

    protected abstract Clock clock();

    @BeforeEach
    void open() {
        Ports ports = ports(SampleJobs.settings(pool));
        catalogues = ports.catalogues();
        runners = ports.runners();
    }

    @Test
    void the_catalogue_published_last_is_current_and_older_ones_stay() {
        catalogues.publish("one-" + pool, bytes("1"));
        catalogues.publish("two-" + pool, bytes("2"));
        assertThat(catalogues.currentDigest()).contains("two-" + pool);
        assertThat(catalogues.load("one-" + pool)).contains(bytes("1"));
        catalogues.publish("one-" + pool, bytes("1"));
        assertThat(catalogues.currentDigest()).contains("one-" + pool);
        assertThat(catalogues.load("unknown")).isEmpty();
    }

    @Test
    void files_of_packs_are_there_with_their_catalogue() {
        catalogues.publish(
                "one-" + pool, bytes("1"), Map.of("a-" + pool, bytes("a"), "b-" + pool, bytes("")));
        assertThat(catalogues.file("a-" + pool)).contains(bytes("a"));
        assertThat(catalogues.file("b-" + pool)).contains(bytes(""));
        assertThat(catalogues.file("c-" + pool)).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Runners.Report report(String runnerId, Instant at) {
        return new Runners.Report(
                runnerId,
                at,
                "digest",
                "2.7.1",
                16,
                8,
                List.of(new Runners.Device("cpu", "cpu", 0, 16, 8, 4, 2)));
    }

    @Test
    void runners_heard_of_lately_are_known_newest_first() {
        Instant now = clock().instant();
        Runners.Report old = report("old", now.minus(Duration.ofMinutes(2)));
        Runners.Report young = report("young", now);
        runners.report(old);
        runners.report(young);
        assertThat(runners.known()).containsExactly(young, old);
        assertThat(runners.alive(young)).isTrue();
        assertThat(runners.alive(old)).isFalse();
    }

    @Test
    void the_last_runner_stays_known_when_none_is_alive() {
        assertThat(runners.known()).isEmpty();
        Instant now = clock().instant();
        runners.report(report("older", now.minus(Duration.ofDays(3))));
        Runners.Report last = report("last", now.minus(Duration.ofDays(2)));
        runners.report(last);
        assertThat(runners.known()).containsExactly(last);
    }
}
