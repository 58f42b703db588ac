package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTaskTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private static WebhookTask task(String prompt, String body, WebhookEvent event, Instant at) {
        return new WebhookTask("t", prompt, body, Hook.Source.PROMPT, event, -3.5, at);
    }

    @ParameterizedTest
    @EnumSource
    void a_task_is_read_as_it_was_written(WebhookEvent event) {
        WebhookTask task = task("job \"é\"", "body", event, NOON);
        assertThat(WebhookTask.of(task.json())).isEqualTo(task);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"tenant\":\"t\",\"prompt_id\":\"p\",\"body\":\"b\",\"source\":\"NOBODY\","
                        + "\"event\":\"FAILED\",\"number\":1,\"created\":1}"
            })
    void what_is_no_task_is_refused(String text) {
        assertThatThrownBy(() -> WebhookTask.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_task_of_the_version_before_is_read_as_asked_for_once() {
        WebhookTask task = task("p", "b", WebhookEvent.FAILED, NOON);
        String before = task.json().replace(",\"round\":0", "");
        assertThat(before).isNotEqualTo(task.json());
        assertThat(WebhookTask.of(before)).isEqualTo(task);
        assertThat(task.again().id()).isEqualTo(task.id());
    }

    @Test
    void each_event_of_each_acceptance_of_a_job_is_a_message_of_its_own() {
        WebhookTask task = task("p", "b", WebhookEvent.COMPLETED, NOON);
        assertThat(task.id())
                .matches("msg_[0-9a-f]{27}")
                .isEqualTo(task("p", "b", WebhookEvent.COMPLETED, NOON).id())
                .isNotEqualTo(task("p", "b", WebhookEvent.STARTED, NOON).id())
                .isNotEqualTo(task("p", "c", WebhookEvent.COMPLETED, NOON).id())
                .isNotEqualTo(task("q", "b", WebhookEvent.COMPLETED, NOON).id());
    }

    @Test
    void messages_are_in_the_order_of_acceptance() {
        assertThat(task("p", "b", WebhookEvent.FAILED, NOON.plusMillis(1)).id())
                .isGreaterThan(task("q", "c", WebhookEvent.FAILED, NOON).id());
    }

    @Test
    void a_mark_is_read_as_it_was_written() {
        for (Hook.Source source : Hook.Source.values()) {
            for (Set<WebhookEvent> events :
                    Set.of(WebhookEvent.ENDS, Set.of(WebhookEvent.STARTED))) {
                Hook hook = new Hook(source, events);
                assertThat(Hook.of(hook.text())).isEqualTo(hook);
            }
        }
        assertThatThrownBy(() -> Hook.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hook.of("xc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_address_is_in_no_log() {
        URI url = URI.create("https://example.com/hook?key=secret");
        assertThat(new WebhookTarget(url, WebhookEvent.ENDS).toString())
                .contains("example.com")
                .doesNotContain("secret");
    }

    @Test
    void an_event_has_a_short_name_too() {
        assertThat(WebhookEvent.named("completed")).hasValue(WebhookEvent.COMPLETED);
        assertThat(WebhookEvent.named("job.completed")).hasValue(WebhookEvent.COMPLETED);
        assertThat(WebhookEvent.named("job.done")).isEmpty();
        assertThat(WebhookEvent.named("")).isEmpty();
    }
}
