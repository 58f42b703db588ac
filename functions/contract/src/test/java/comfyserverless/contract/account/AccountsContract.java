package comfyserverless.contract.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Accounts] do, on whatever stores.
public abstract class AccountsContract {
    private static final Limits STANDARD = Limits.parse("pending=100 running=4");

    private final String tenant = "t-" + UUID.randomUUID();
    private Accounts accounts;
    private Accounts elsewhere;

    protected abstract Ports ports(JobSettings settings);

    protected abstract ManualClock clock();

    @BeforeEach
    void open() {
        Ports ports = ports(JobSettings.standard());
        accounts = ports.withLimits(STANDARD).accounts();
        elsewhere = ports.withLimits(STANDARD).accounts();
    }

    @Test
    void a_tenant_is_made_once() {
        assertThat(accounts.find(tenant)).isEmpty();
        assertThat(accounts.create(tenant, Limits.parse("pending=5"))).isTrue();
        assertThat(accounts.create(tenant, Limits.parse("pending=6"))).isFalse();
        Account made = new Account(tenant, clock().instant(), Limits.parse("pending=5"), false);
        assertThat(accounts.find(tenant)).contains(made);
        assertThat(accounts.all()).contains(made);
    }

    @Test
    void no_tenant_has_an_odd_name() {
        assertThatThrownBy(() -> accounts.create("a#b", Limits.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a#b");
        assertThat(accounts.find("a#b")).isEmpty();
    }

    @Test
    void own_limits_go_before_those_of_the_deployment() {
        assertThat(accounts.limits(tenant)).isEqualTo(STANDARD);
        accounts.create(tenant, Limits.parse("running=1 gpu-seconds=3600"));
        assertThat(accounts.limits(tenant))
                .isEqualTo(Limits.parse("pending=100 running=1 gpu-seconds=3600"));
        accounts.limit(tenant, Limits.parse("pending=0"), Set.of(Limit.RUNNING));
        assertThat(accounts.limits(tenant))
                .isEqualTo(Limits.parse("pending=0 running=4 gpu-seconds=3600"));
    }

    @Test
    void changed_limits_hold_elsewhere_half_a_minute_later() {
        assertThat(elsewhere.limits(tenant)).isEqualTo(STANDARD);
        accounts.limit(tenant, Limits.parse("pending=1"), Set.of());
        clock().advance(Duration.ofSeconds(29));
        assertThat(elsewhere.limits(tenant)).isEqualTo(STANDARD);
        clock().advance(Duration.ofSeconds(1));
        assertThat(elsewhere.limits(tenant).find(Limit.PENDING)).hasValue(1);
    }

    @Test
    void who_did_nothing_used_nothing() {
        accounts.create(tenant, Limits.parse("pending=1"));
        assertThat(accounts.usage(tenant)).isEmpty();
    }
}
