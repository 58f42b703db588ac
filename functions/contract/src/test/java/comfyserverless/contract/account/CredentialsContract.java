package comfyserverless.contract.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials.Kind;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Credentials] do, on whatever stores. Each test uses a tenant of its own.
public abstract class CredentialsContract {
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Identity anna = new Identity("t-" + run, "anna", false);
    private final Identity admin = new Identity("t-" + run, null, true);
    private Credentials credentials;

    protected abstract Ports ports(JobSettings settings);

    /// The clock of the ports.
    protected abstract ManualClock clock();

    @BeforeEach
    void open() {
        credentials =
                ports(JobSettings.standard())
                        .credentials(() -> UUID.randomUUID().toString().replace("-", ""));
    }

    @Test
    void a_key_stands_for_whom_it_was_made() {
        Credentials.Issued key = credentials.issue(Kind.KEY, anna, "build server", null);
        Credentials.Issued other = credentials.issue(Kind.KEY, admin, "", null);
        assertThat(credentials.find(Kind.KEY, key.secret())).contains(anna);
        assertThat(credentials.find(Kind.KEY, other.secret())).contains(admin);
        assertThat(credentials.find(Kind.KEY, key.secret() + "x")).isEmpty();
        assertThat(credentials.find(Kind.KEY, "")).isEmpty();
    }

    @Test
    void a_secret_of_one_kind_is_none_of_another() {
        String key = credentials.issue(Kind.KEY, anna, "", null).secret();
        String session = credentials.issue(Kind.SESSION, anna, "", Duration.ofHours(1)).secret();
        assertThat(credentials.find(Kind.SESSION, key)).isEmpty();
        assertThat(credentials.find(Kind.KEY, session)).isEmpty();
        assertThat(credentials.redeem(key)).isEmpty();
        assertThat(credentials.find(Kind.KEY, key)).isPresent();
    }

    @Test
    void a_session_ends_in_time_and_when_it_is_ended() {
        String first = credentials.issue(Kind.SESSION, anna, "", Duration.ofHours(12)).secret();
        String second = credentials.issue(Kind.SESSION, anna, "", Duration.ofHours(12)).secret();
        credentials.end(first);
        credentials.end(first);
        assertThat(credentials.find(Kind.SESSION, first)).isEmpty();
        assertThat(credentials.find(Kind.SESSION, second)).isPresent();
        clock().advance(Duration.ofHours(12));
        assertThat(credentials.find(Kind.SESSION, second)).isEmpty();
    }

    @Test
    void a_session_ends_with_the_key_that_opened_it() {
        Duration day = Duration.ofDays(1);
        Credentials.Issued key = credentials.issue(Kind.KEY, anna, "", null);
        Credentials.Issued brief = credentials.issue(Kind.KEY, anna, "", Duration.ofHours(1));
        Credentials.Issued session = credentials.issue(Kind.SESSION, anna, "", day, key.secret());
        String opened = session.secret();
        String shorter = credentials.issue(Kind.SESSION, anna, "", day, brief.secret()).secret();
        String other = credentials.issue(Kind.SESSION, anna, "", day).secret();
        assertThat(credentials.find(Kind.SESSION, opened)).contains(anna);
        assertThat(credentials.find(Kind.SESSION, shorter)).contains(anna);
        clock().advance(Duration.ofHours(1));
        assertThat(credentials.find(Kind.SESSION, shorter)).isEmpty();
        assertThat(credentials.revoke(anna.tenant(), key.id())).isTrue();
        assertThat(credentials.find(Kind.SESSION, opened)).isEmpty();
        assertThat(credentials.find(Kind.SESSION, other)).contains(anna);
        assertThat(credentials.list(anna.tenant()))
                .extracting(Credentials.Shown::id)
                .isNotEmpty()
                .doesNotContain(key.id(), session.id());
        String late = credentials.issue(Kind.SESSION, anna, "", day, key.secret()).secret();
        assertThat(credentials.find(Kind.SESSION, late)).as("opened while it ended").isEmpty();
    }

    @Test
    void a_ticket_opens_once() {
        Duration minute = Duration.ofSeconds(60);
        String ticket = credentials.issue(Kind.TICKET, anna, "", minute).secret();
        String late = credentials.issue(Kind.TICKET, anna, "", minute).secret();
        assertThat(credentials.redeem(ticket)).contains(anna);
        assertThat(credentials.redeem(ticket)).isEmpty();
        clock().advance(minute);
        assertThat(credentials.redeem(late)).isEmpty();
        assertThat(credentials.list(anna.tenant())).isEmpty();
    }

    @Test
    void keys_are_listed_without_their_secrets_and_revoked_by_id() {
        Credentials.Issued first = credentials.issue(Kind.KEY, anna, "first", null);
        clock().advance(Duration.ofSeconds(1));
        Credentials.Issued second = credentials.issue(Kind.KEY, admin, "second", null);
        List<Credentials.Shown> shown = credentials.list(anna.tenant());
        assertThat(shown).extracting(Credentials.Shown::label).containsExactly("first", "second");
        assertThat(shown)
                .extracting(Credentials.Shown::id)
                .containsExactly(first.id(), second.id());
        assertThat(shown.toString()).doesNotContain(first.secret(), second.secret());
        assertThat(credentials.revoke("other-" + run, first.id())).isFalse();
        assertThat(credentials.revoke(anna.tenant(), first.id())).isTrue();
        assertThat(credentials.revoke(anna.tenant(), first.id())).isFalse();
        assertThat(credentials.revoke(anna.tenant(), "")).isFalse();
        assertThat(credentials.find(Kind.KEY, first.secret())).isEqualTo(Optional.empty());
        assertThat(credentials.find(Kind.KEY, second.secret())).isPresent();
    }

    @Test
    void tries_are_counted_for_each_address_and_minute() {
        String address = "192.0.2.1-" + run;
        assertThat(credentials.tries(address)).isEqualTo(1);
        assertThat(credentials.tries(address)).isEqualTo(2);
        assertThat(credentials.tries("192.0.2.2-" + run)).isEqualTo(1);
        clock().advance(Duration.ofMinutes(1));
        assertThat(credentials.tries(address)).isEqualTo(1);
    }

    @Test
    void a_tenant_has_a_name_that_no_key_of_the_table_can_be_forged_with() {
        for (String name : List.of("", "A", "a#b", "-a", "a-", "a/b", "x".repeat(49))) {
            assertThatThrownBy(() -> new Identity(name, null, false))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Identity("a", null, false).tenant()).isEqualTo("a");
        assertThat(new Identity("team-7", null, false).tenant()).isEqualTo("team-7");
    }
}
