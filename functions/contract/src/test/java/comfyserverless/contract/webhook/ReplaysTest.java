package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.InMemoryWebhookQueue;
import comfyserverless.contract.fake.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplaysTest {
    private final ManualClock clock = new ManualClock();
    private final InMemoryWebhookQueue queue = new InMemoryWebhookQueue(clock);
    private final InMemoryWebhookQueue dead = new InMemoryWebhookQueue(clock);
    private final Ports ports = new InMemoryPorts(clock).ports();
    private final Deliveries deliveries = ports.deliveries();
    private final Replays replays = new Replays(queue, dead, deliveries);

    private WebhookTask task(String tenant, String prompt) {
        return new WebhookTask(
                tenant,
                prompt,
                "body",
                Hook.Source.TENANT,
                WebhookEvent.COMPLETED,
                1,
                clock.instant());
    }

    private WebhookTask made(WebhookTask task, Delivery.State state) {
        ports.accounts().create(task.tenant(), Limits.parse("running=1"));
        Deliveries.Turn turn = deliveries.begin(task, Duration.ofSeconds(45), () -> "{}");
        deliveries.end(((Deliveries.Turn.Try) turn).delivery(), state, "503");
        return task;
    }

    @Test
    void a_tenants_dead_letters_come_back_and_nobody_elses() {
        for (int i = 0; i < 25; i++) {
            dead.send(task("mine", "p" + i).json());
            dead.send(task("other", "p" + i).json());
        }
        assertThat(replays.all("mine")).isEqualTo(25);
        assertThat(queue.bodies()).hasSize(25).allMatch(body -> body.contains("mine"));
        assertThat(dead.bodies()).hasSize(25).allMatch(body -> body.contains("other"));
        assertThat(replays.all("other")).isEqualTo(25);
    }

    @Test
    void everybodys_dead_letters_come_back_but_what_is_no_call() {
        dead.send(task("a", "p").json());
        dead.send("no call");
        dead.send(task("b", "p").json());
        assertThat(replays.all(null)).isEqualTo(2);
        assertThat(dead.bodies()).containsExactly("no call");
    }

    @Test
    void one_call_is_made_again_though_it_was_made() {
        WebhookTask task = made(task("a", "p"), Delivery.State.DELIVERED);
        assertThat(replays.one("a", task.id())).isTrue();
        assertThat(queue.bodies()).containsExactly(task.again().json());
        assertThat(deliveries.begin(task.again(), Duration.ofSeconds(45), () -> "{}"))
                .isInstanceOf(Deliveries.Turn.Try.class);
    }

    @Test
    void another_tenants_call_is_not_made_again() {
        WebhookTask task = made(task("a", "p"), Delivery.State.FAILED);
        assertThat(replays.one("b", task.id())).isFalse();
        assertThat(queue.bodies()).isEmpty();
    }
}
