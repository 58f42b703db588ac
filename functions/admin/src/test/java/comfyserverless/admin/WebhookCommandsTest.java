package comfyserverless.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookTask;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebhookCommandsTest {
    private final CommandLineOfTests line = new CommandLineOfTests();

    /// The record of a call that ended so.
    private WebhookTask call(String prompt, Delivery.State state, String answer) {
        WebhookTask task =
                new WebhookTask(
                        "default",
                        prompt,
                        "body",
                        Hook.Source.TENANT,
                        WebhookEvent.COMPLETED,
                        1,
                        line.deployment.clock.instant());
        line.deployment.clock.advance(Duration.ofMillis(10));
        line.deployment.ports().accounts().create("default", Limits.parse("running=1"));
        Deliveries deliveries = line.deployment.deliveries();
        Deliveries.Turn turn = deliveries.begin(task, Duration.ofSeconds(45), () -> "{}");
        deliveries.end(((Deliveries.Turn.Try) turn).delivery(), state, answer);
        return task;
    }

    @Test
    void an_address_is_set_shown_and_removed() {
        assertThat(line.call("webhooks", "show").out()).startsWith("No webhook");
        CommandLineOfTests.Ended set =
                line.call(
                        "webhooks",
                        "set",
                        "https://example.com/hook",
                        "--events",
                        "started,failed");
        assertThat(set.code()).isZero();
        assertThat(line.call("webhooks", "show").out().strip())
                .isEqualTo("https://example.com/hook  job.started, job.failed");
        JsonNode shown = line.call("--json", "webhooks", "show").json();
        assertThat(shown.path("events")).hasSize(2);
        assertThat(line.call("webhooks", "show", "--tenant", "other").out())
                .startsWith("No webhook");
        assertThat(line.call("webhooks", "remove").out().strip()).isEqualTo("Removed.");
        assertThat(line.call("webhooks", "remove").out().strip()).isEqualTo("There was none.");
    }

    @Test
    void an_address_hears_of_ends_unless_told_otherwise() {
        line.call("webhooks", "set", "https://example.com/hook");
        assertThat(line.deployment.webhookSettings().target("default").orElseThrow().events())
                .isEqualTo(WebhookEvent.ENDS);
    }

    @Test
    void the_secret_is_printed_alone_and_stays_until_it_is_replaced() {
        String secret = line.call("webhooks", "secret").out().strip();
        assertThat(secret).startsWith("whsec_").doesNotContain("\n");
        assertThat(line.call("webhooks", "secret").out().strip()).isEqualTo(secret);
        CommandLineOfTests.Ended rotated = line.call("webhooks", "secret", "--rotate");
        assertThat(rotated.out().strip()).isNotEqualTo(secret);
        assertThat(rotated.err()).contains("signs as well until 2026-11-26");
        JsonNode both = line.call("--json", "webhooks", "secret").json();
        assertThat(both.path("previous").asText()).isEqualTo(secret);
        line.deployment.clock.advance(Duration.ofDays(2));
        assertThat(line.call("--json", "webhooks", "secret").json().has("previous")).isFalse();
    }

    @Test
    void calls_are_listed_with_what_they_met() {
        assertThat(line.call("webhooks", "list").out().strip()).isEqualTo("No calls.");
        WebhookTask made = call("a", Delivery.State.DELIVERED, "204");
        WebhookTask given = call("b", Delivery.State.FAILED, "connection refused");
        assertThat(line.call("webhooks", "list").out().lines())
                .hasSize(3)
                .anyMatch(row -> row.contains(made.id()) && row.contains("delivered"))
                .anyMatch(row -> row.contains(given.id()) && row.contains("connection refused"));
        JsonNode failed = line.call("--json", "webhooks", "list", "--failed").json();
        assertThat(failed.path("deliveries")).hasSize(1);
        assertThat(failed.at("/deliveries/0/prompt_id").asText()).isEqualTo("b");
        assertThat(line.call("webhooks", "list", "--tenant", "other").out().strip())
                .isEqualTo("No calls.");
    }

    @Test
    void named_calls_are_made_again() {
        WebhookTask made = call("a", Delivery.State.DELIVERED, "204");
        WebhookTask given = call("b", Delivery.State.FAILED, "503");
        CommandLineOfTests.Ended ended = line.call("webhooks", "replay", made.id(), given.id());
        assertThat(ended.out()).startsWith("2 calls are made again");
        assertThat(line.deployment.webhooks.bodies())
                .containsExactly(made.again().json(), given.again().json());
        CommandLineOfTests.Ended unknown = line.call("webhooks", "replay", "msg_none");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("has no call msg_none");
    }

    @Test
    void all_that_was_given_up_is_made_again() {
        assertThat(line.call("webhooks", "replay", "--failed").out().strip())
                .isEqualTo("No call was given up.");
        line.deployment.deadWebhooks.send(call("a", Delivery.State.FAILED, "503").json());
        assertThat(line.call("webhooks", "replay", "--failed").out()).startsWith("1 call is made");
        assertThat(line.deployment.webhooks.bodies()).hasSize(1);
        assertThat(line.deployment.deadWebhooks.bodies()).isEmpty();
    }

    @Test
    void an_address_of_this_machine_is_refused_by_the_flag_that_would_allow_it() {
        assertThat(line.call("webhooks", "set", "http://127.0.0.1:9000/").err())
                .contains("--webhook-loopback");
        assertThat(line.call("webhooks", "set", "http://example.com/").err())
                .contains("must begin with https://")
                .doesNotContain("--webhook-loopback");
    }

    @Test
    void a_wrong_command_line_is_a_sentence_and_exit_code_2() {
        for (String[] wrong :
                new String[][] {
                    {"webhooks"},
                    {"webhooks", "set"},
                    {"webhooks", "set", "http://example.com/"},
                    {"webhooks", "set", "https://169.254.169.254/"},
                    {"webhooks", "set", "https://example.com/", "--events", "done"},
                    {"webhooks", "set", "https://example.com/", "--tenant", "No Such"},
                    {"webhooks", "list", "--most", "0"},
                    {"webhooks", "replay"},
                    {"webhooks", "replay", "msg_1", "--failed"}
                }) {
            CommandLineOfTests.Ended ended = line.call(wrong);
            assertThat(ended.code()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(ended.err()).isNotBlank();
        }
    }
}
