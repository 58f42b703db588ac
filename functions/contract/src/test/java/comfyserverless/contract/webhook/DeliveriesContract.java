package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Deliveries] do, on whatever stores. Each test uses tenants of its own.
public abstract class DeliveriesContract {
    private static final Duration BUSY = Duration.ofSeconds(45);
    private static final WebhookTarget OWN =
            new WebhookTarget(URI.create("https://example.com/own"), WebhookEvent.ENDS);

    /// What the ports go by.
    protected final ManualClock clock =
            new ManualClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    private final String tenant = "t-" + UUID.randomUUID();
    private final String stranger = "s-" + UUID.randomUUID();
    private Ports ports;
    private Deliveries deliveries;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(tenant));
        deliveries = ports.deliveries();
        ports.accounts().create(tenant, Limits.parse("running=1"));
        ports.accounts().create(stranger, Limits.parse("running=1"));
    }

    private WebhookTask task(String owner, String prompt, Hook.Source source) {
        return new WebhookTask(
                owner, prompt, "b-" + prompt, source, WebhookEvent.COMPLETED, 1, clock.instant());
    }

    private WebhookTask task(String prompt) {
        return task(tenant, prompt, Hook.Source.PROMPT);
    }

    private Deliveries.Turn begin(WebhookTask task) {
        return deliveries.begin(task, BUSY, () -> "{}");
    }

    private Delivery tried(WebhookTask task) {
        return ((Deliveries.Turn.Try) begin(task)).delivery();
    }

    private void keepAddress(WebhookTask task) {
        ports.stores()
                .table()
                .write(
                        Write.put(
                                TableDeliveries.ofPrompt(
                                        task.tenant(), task.body(), OWN, clock.instant())));
    }

    @Test
    void what_the_first_try_sends_every_other_sends() {
        WebhookTask task = task("a");
        Deliveries.Turn first = deliveries.begin(task, BUSY, () -> "{\"first\":1}");
        deliveries.end(((Deliveries.Turn.Try) first).delivery(), Delivery.State.WAITING, "503");
        Deliveries.Turn second = deliveries.begin(task, BUSY, () -> "{\"second\":1}");
        assertThat(((Deliveries.Turn.Try) second).delivery().payload()).isEqualTo("{\"first\":1}");
    }

    @Test
    void all_calls_are_shown_the_oldest_first() {
        for (String prompt : List.of("a", "b", "c")) {
            tried(task(prompt));
            clock.advance(Duration.ofSeconds(1));
        }
        tried(task(stranger, "d", Hook.Source.PROMPT));
        List<String> shown = new ArrayList<>();
        deliveries.each(tenant, call -> shown.add(call.task().promptId()));
        assertThat(shown).containsExactly("a", "b", "c");
    }

    /// A task in the queue outlives its tenant.
    @Test
    void who_is_being_deleted_is_told_nothing_more_and_nothing_is_kept_of_it() {
        Key key = TenantItem.key(tenant);
        Table table = ports.stores().table();
        Delivery waiting = tried(task("a"));
        deliveries.end(waiting, Delivery.State.WAITING, "503");
        table.write(Write.update(key, Change.set(TenantItem.CLOSING, 1)));
        assertThat(begin(waiting.task())).isEqualTo(new Deliveries.Turn.Over());
        assertThat(begin(task("b"))).isEqualTo(new Deliveries.Turn.Over());
        table.write(Write.delete(key));
        assertThat(begin(task("c"))).isEqualTo(new Deliveries.Turn.Over());
        assertThat(deliveries.list(tenant, 10)).hasSize(1);
        assertThat(begin(task(stranger, "a", Hook.Source.PROMPT)))
                .isInstanceOf(Deliveries.Turn.Try.class);
    }

    @Test
    void what_the_queue_still_holds_of_a_call_that_was_asked_for_anew_is_void() {
        WebhookTask task = task("a");
        deliveries.end(tried(task), Delivery.State.WAITING, "503");
        WebhookTask again = deliveries.reopen(deliveries.find(tenant, task.id()).orElseThrow());
        assertThat(again.id()).isEqualTo(task.id());
        assertThat(begin(task)).isEqualTo(new Deliveries.Turn.Over());
        deliveries.end(tried(again), Delivery.State.FAILED, "503");
        assertThat(begin(task)).isEqualTo(new Deliveries.Turn.Over());
        assertThat(begin(again)).isInstanceOf(Deliveries.Turn.Try.class);
    }

    @Test
    void the_address_of_a_prompt_is_found_for_that_acceptance_only() {
        WebhookTask task = task("a");
        keepAddress(task);
        assertThat(begin(task))
                .isInstanceOfSatisfying(
                        Deliveries.Turn.Try.class,
                        turn -> assertThat(turn.target()).isEqualTo(OWN));
        assertThat(begin(task("b")))
                .isInstanceOfSatisfying(
                        Deliveries.Turn.Try.class, turn -> assertThat(turn.target()).isNull());
        assertThat(begin(task(stranger, "a", Hook.Source.PROMPT)))
                .isInstanceOfSatisfying(
                        Deliveries.Turn.Try.class, turn -> assertThat(turn.target()).isNull());
    }

    @Test
    void the_address_of_a_tenant_is_the_one_that_is_set_when_the_call_is_made() {
        WebhookSettings settings = ports.webhookSettings(() -> new byte[24]);
        settings.setTarget(tenant, OWN);
        Deliveries.Turn turn = begin(task(tenant, "a", Hook.Source.TENANT));
        assertThat(((Deliveries.Turn.Try) turn).target()).isEqualTo(OWN);
        settings.removeTarget(tenant);
        Deliveries.Turn without = begin(task(tenant, "b", Hook.Source.TENANT));
        assertThat(((Deliveries.Turn.Try) without).target()).isNull();
    }

    @Test
    void while_one_makes_a_call_nobody_else_does() {
        WebhookTask task = task("a");
        tried(task);
        assertThat(begin(task)).isInstanceOf(Deliveries.Turn.Busy.class);
        clock.advance(BUSY.minusMillis(1));
        assertThat(begin(task)).isInstanceOf(Deliveries.Turn.Busy.class);
    }

    @Test
    void a_try_that_never_ended_is_made_again_and_its_late_end_counts_no_more() {
        WebhookTask task = task("a");
        Delivery lost = tried(task);
        clock.advance(BUSY.plusMillis(1));
        assertThat(tried(task).tries()).isEqualTo(2);
        deliveries.end(lost, Delivery.State.DELIVERED, "200");
        assertThat(deliveries.find(tenant, task.id()).orElseThrow().state())
                .isEqualTo(Delivery.State.WAITING);
        assertThat(begin(task)).isInstanceOf(Deliveries.Turn.Busy.class);
    }

    @Test
    void tries_are_counted_and_the_last_answer_is_kept() {
        WebhookTask task = task("a");
        for (int round = 1; round <= 3; round++) {
            Delivery delivery = tried(task);
            assertThat(delivery.tries()).isEqualTo(round);
            deliveries.end(delivery, Delivery.State.WAITING, "50" + round);
        }
        Delivery kept = deliveries.find(tenant, task.id()).orElseThrow();
        assertThat(kept.answer()).isEqualTo("503");
        assertThat(kept.tries()).isEqualTo(3);
        assertThat(kept.task()).isEqualTo(task);
    }

    @Test
    void a_call_that_was_made_or_refused_is_over() {
        for (Delivery.State end : List.of(Delivery.State.DELIVERED, Delivery.State.GONE)) {
            WebhookTask task = task(end.name());
            deliveries.end(tried(task), end, "200");
            assertThat(begin(task)).isInstanceOf(Deliveries.Turn.Over.class);
        }
    }

    @Test
    void a_call_that_was_given_up_begins_anew_when_its_task_comes_again() {
        WebhookTask task = task("a");
        deliveries.end(tried(task), Delivery.State.WAITING, "503");
        deliveries.end(tried(task), Delivery.State.FAILED, "503");
        Delivery again = tried(task);
        assertThat(again.tries()).isEqualTo(1);
        assertThat(again.state()).isEqualTo(Delivery.State.WAITING);
    }

    @Test
    void a_call_that_is_reopened_is_made_once_more_whatever_became_of_it() {
        for (Delivery.State end : Delivery.State.values()) {
            WebhookTask task = task(end.name());
            deliveries.end(tried(task), end, "x");
            Delivery ended = deliveries.find(tenant, task.id()).orElseThrow();
            assertThat(tried(deliveries.reopen(ended)).tries()).isEqualTo(1);
        }
    }

    @Test
    void the_list_begins_with_the_job_that_was_accepted_last() {
        for (String name : List.of("a", "b", "c")) {
            tried(task(name));
            clock.advance(Duration.ofMillis(5));
        }
        tried(task(stranger, "d", Hook.Source.PROMPT));
        assertThat(deliveries.list(tenant, 10))
                .extracting(delivery -> delivery.task().promptId())
                .containsExactly("c", "b", "a");
        assertThat(deliveries.list(tenant, 2)).hasSize(2);
    }

    @Test
    void a_call_of_another_tenant_is_not_found() {
        WebhookTask task = task("a");
        tried(task);
        assertThat(deliveries.find(tenant, task.id())).isPresent();
        assertThat(deliveries.find(stranger, task.id())).isEmpty();
        assertThat(deliveries.find(tenant, "msg_none")).isEmpty();
    }

    @Test
    void a_call_is_known_for_thirty_days() {
        WebhookTask task = task("a");
        tried(task);
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(deliveries.list(tenant, 10)).hasSize(1);
        clock.advance(Duration.ofSeconds(2));
        assertThat(deliveries.list(tenant, 10)).isEmpty();
    }
}
