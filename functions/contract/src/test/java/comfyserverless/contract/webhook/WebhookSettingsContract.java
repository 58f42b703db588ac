package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [WebhookSettings] do, on whatever stores. Each test uses tenants of its own.
public abstract class WebhookSettingsContract {
    private static final WebhookTarget TARGET =
            new WebhookTarget(URI.create("https://example.com/hook?key=a%20b"), WebhookEvent.ENDS);

    /// What the ports go by.
    protected final ManualClock clock =
            new ManualClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    private final String tenant = "t-" + UUID.randomUUID();
    private final String stranger = "s-" + UUID.randomUUID();
    private final AtomicLong drawn = new AtomicLong();
    private Ports ports;
    private WebhookSettings settings;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(tenant));
        settings = ports.webhookSettings(this::fresh);
    }

    private byte[] fresh() {
        return ByteBuffer.allocate(24).putLong(drawn.incrementAndGet()).array();
    }

    @Test
    void a_tenant_has_no_address_until_it_sets_one() {
        assertThat(settings.target(tenant)).isEmpty();
        settings.setTarget(tenant, TARGET);
        assertThat(settings.target(tenant)).hasValue(TARGET);
        assertThat(settings.target(stranger)).isEmpty();
    }

    @Test
    void the_last_address_that_was_set_counts() {
        settings.setTarget(tenant, TARGET);
        WebhookTarget other =
                new WebhookTarget(URI.create("https://example.org/"), Set.of(WebhookEvent.STARTED));
        settings.setTarget(tenant, other);
        assertThat(settings.target(tenant)).hasValue(other);
        assertThat(ports.jobs().nextTurn(tenant, true).hook()).isEqualTo("ts");
    }

    @Test
    void jobs_bear_the_mark_from_when_it_is_set_until_it_is_removed() {
        assertThat(ports.jobs().nextTurn(tenant, true).hook()).isNull();
        settings.setTarget(tenant, TARGET);
        assertThat(ports.jobs().nextTurn(tenant, true).hook()).isEqualTo("tcfx");
        assertThat(ports.jobs().nextTurn(tenant, false).hook()).isEqualTo("tcfx");
        assertThat(ports.jobs().nextTurn(stranger, true).hook()).isNull();
        assertThat(settings.removeTarget(tenant)).isTrue();
        assertThat(settings.target(tenant)).isEmpty();
        assertThat(ports.jobs().nextTurn(tenant, true).hook()).isNull();
        assertThat(settings.removeTarget(tenant)).isFalse();
    }

    @Test
    void a_secret_is_made_once() {
        WebhookSettings.Secrets first = settings.secrets(tenant);
        assertThat(settings.secrets(tenant).current().text()).isEqualTo(first.current().text());
        assertThat(first.previous()).isNull();
        assertThat(settings.secrets(stranger).current().text())
                .isNotEqualTo(first.current().text());
    }

    @Test
    void a_replaced_secret_signs_for_a_day_more() {
        String old = settings.secrets(tenant).current().text();
        WebhookSettings.Secrets both = settings.rotate(tenant);
        assertThat(both.current().text()).isNotEqualTo(old);
        assertThat(both.signing(clock.instant()))
                .extracting(WebhookSecret::text)
                .containsExactly(both.current().text(), old);
        clock.advance(Duration.ofHours(23));
        assertThat(settings.secrets(tenant).signing(clock.instant())).hasSize(2);
        clock.advance(Duration.ofHours(2));
        assertThat(settings.secrets(tenant).signing(clock.instant()))
                .extracting(WebhookSecret::text)
                .containsExactly(both.current().text());
    }

    @Test
    void a_secret_that_nobody_asked_for_can_be_replaced() {
        assertThat(settings.rotate(tenant).previous()).isNotNull();
        String second = settings.rotate(tenant).current().text();
        assertThat(settings.secrets(tenant).current().text()).isEqualTo(second);
    }
}
