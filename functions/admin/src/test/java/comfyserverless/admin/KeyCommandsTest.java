package comfyserverless.admin;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyCommandsTest {
    private final CommandLineOfTests line = new CommandLineOfTests();

    @Test
    void a_new_key_alone_is_printed_and_opens_its_tenant() {
        CommandLineOfTests.Ended made =
                line.call("key", "create", "--tenant", "studio", "--user", "ann", "--label", "ci");
        assertThat(made.code()).isZero();
        String key = made.out().strip();
        assertThat(made.out().lines()).hasSize(1);
        assertThat(made.err())
                .contains("only time")
                .contains("comfy-admin key revoke --tenant studio ")
                .doesNotContain(key);
        assertThat(line.deployment.credentials().find(Credentials.Kind.KEY, key))
                .contains(new Identity("studio", "ann", false));
    }

    @Test
    void keys_are_listed_without_their_secrets() {
        String key = line.call("key", "create", "--label", "laptop", "--days", "30").out().strip();
        CommandLineOfTests.Ended listed = line.call("key", "list");
        assertThat(listed.out()).contains("laptop", "2026-12-25").doesNotContain(key);
        assertThat(line.call("--json", "key", "list").json().at("/keys/0/label").asText())
                .isEqualTo("laptop");
        assertThat(line.call("key", "list", "--tenant", "other").out().strip())
                .isEqualTo("No keys.");
    }

    @Test
    void a_revoked_key_opens_nothing() {
        CommandLineOfTests.Ended made = line.call("key", "create", "--json");
        String key = made.json().path("key").asText();
        String id = made.json().path("id").asText();
        String session =
                line.deployment
                        .credentials()
                        .issue(
                                Credentials.Kind.SESSION,
                                new Identity("default", null, false),
                                "browser",
                                Duration.ofHours(12),
                                key)
                        .secret();
        assertThat(line.call("key", "revoke", id).out()).contains("nor a session that it opened");
        assertThat(line.deployment.credentials().find(Credentials.Kind.SESSION, session)).isEmpty();
        assertThat(line.call("key", "list").out().strip()).isEqualTo("No keys.");
        assertThat(line.deployment.credentials().find(Credentials.Kind.KEY, key)).isEmpty();
        CommandLineOfTests.Ended again = line.call("key", "revoke", id, "--json");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.json().path("error").asText()).contains("has no key " + id);
    }

    @Test
    void a_wrong_command_line_is_a_sentence_and_exit_code_2() {
        for (String[] wrong :
                new String[][] {
                    {},
                    {"key"},
                    {"key", "create", "--days", "0"},
                    {"key", "create", "--tenant", "No Such"},
                    {"key", "create", "--user", "../other"},
                    {"key", "create", "--colour", "red"},
                    {"key", "revoke"}
                }) {
            CommandLineOfTests.Ended ended = line.call(wrong);
            assertThat(ended.code()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(ended.err()).isNotBlank();
        }
    }
}
