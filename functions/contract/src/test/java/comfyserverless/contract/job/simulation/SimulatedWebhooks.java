package comfyserverless.contract.job.simulation;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.InMemoryWebhookQueue;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.WebhookOutbox;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.contract.webhook.WebhookTask;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The webhooks of a simulated deployment: a stream of the table's changes that loses and repeats some, a
/// queue before and behind which processes crash, and a look at what should have been handed over.
final class SimulatedWebhooks {
    /// What the stream may still be about to hand over is left to it; almost as long as a tenant stays in the
    /// rounds without work.
    private static final Duration STREAM = Duration.ofSeconds(45);

    private static final URI URL = URI.create("https://example.com/hook");

    private final Random random;
    private final ManualClock clock;
    private final Scheduler scheduler;
    private final SimulatedTable.Faults faults;
    private final InMemoryWebhookQueue queue;
    private final Deque<Change> stream = new ArrayDeque<>();

    /// By the name of the acceptance.
    private final Map<String, Known> jobs = new HashMap<>();

    private record Change(@Nullable Item before, Item after) {}

    /// A job with a webhook.
    private record Known(Hook hook, Set<WebhookEvent> happened) {}

    SimulatedWebhooks(
            Random random, ManualClock clock, Scheduler scheduler, SimulatedTable.Faults faults) {
        this.random = random;
        this.clock = clock;
        this.scheduler = scheduler;
        this.faults = faults;
        this.queue = new InMemoryWebhookQueue(clock);
    }

    /// Perhaps with a webhook, for some of what can happen to it.
    NewJob perhapsOn(NewJob job) {
        Set<WebhookEvent> events = EnumSet.noneOf(WebhookEvent.class);
        for (WebhookEvent event : WebhookEvent.values()) {
            if (random.nextInt(3) > 0) {
                events.add(event);
            }
        }
        return events.isEmpty() || random.nextInt(4) == 0
                ? job
                : job.withWebhook(new WebhookTarget(URL, events));
    }

    /// Every change of the table, in its order.
    void changed(@Nullable Item before, @Nullable Item after) {
        if (after == null || !after.key().sort().startsWith("J#") || !after.has("hook")) {
            return;
        }
        stream.add(new Change(before, after));
        Known known =
                jobs.computeIfAbsent(
                        after.text("body"),
                        _ ->
                                new Known(
                                        Hook.of(after.text("hook")),
                                        EnumSet.noneOf(WebhookEvent.class)));
        WebhookEvent event =
                switch (after.text("st")) {
                    case "R" -> WebhookEvent.STARTED;
                    case "S" -> WebhookEvent.COMPLETED;
                    case "E" -> WebhookEvent.FAILED;
                    case "I", "D" -> WebhookEvent.CANCELLED;
                    default -> null;
                };
        if (event != null) {
            known.happened().add(event);
        }
    }

    /// The function behind the stream, for ever.
    void readStream(Supplier<Ports> ports) {
        while (true) {
            scheduler.sleep(Duration.ofMillis(random.nextInt(3000)));
            Change change = stream.poll();
            if (change == null || random.nextInt(4) == 0) {
                continue;
            }
            try {
                outbox(ports.get()).changed(change.before(), change.after());
            } catch (SimulatedTable.Crash e) {
                if (random.nextBoolean()) {
                    stream.addFirst(change);
                }
            }
        }
    }

    /// What the reconciler does after its round.
    void sweep(Ports ports, Set<String> tenants) {
        for (String tenant : tenants) {
            outbox(ports).sweep(tenant, clock.instant().minus(STREAM));
        }
    }

    private WebhookOutbox outbox(Ports ports) {
        return ports.webhookOutbox(new CrashingQueue());
    }

    private final class CrashingQueue implements WebhookQueue {
        private void perhapsCrash() {
            scheduler.letOthers();
            if (random.nextInt(1000) < 5 * faults.crashes) {
                throw new SimulatedTable.Crash();
            }
        }

        @Override
        public void send(String body) {
            perhapsCrash();
            queue.send(body);
            perhapsCrash();
        }

        @Override
        public List<Received> receive(Duration wait) {
            return queue.receive(wait);
        }

        @Override
        public void hide(String receipt, Duration time) {
            queue.hide(receipt, time);
        }

        @Override
        public void delete(String receipt) {
            queue.delete(receipt);
        }
    }

    /// What is wrong once all is quiet.
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<String, Set<WebhookEvent>> sent = new HashMap<>();
        for (String body : queue.bodies()) {
            WebhookTask task = WebhookTask.of(body);
            sent.computeIfAbsent(task.body(), _ -> EnumSet.noneOf(WebhookEvent.class))
                    .add(task.event());
        }
        sent.forEach((name, events) -> {
            Known known = jobs.get(name);
            if (known == null
                    || !known.happened().containsAll(events)
                    || !known.hook().events().containsAll(events)) {
                violations.add("9 only what happened is told: " + name + " " + events);
            }
        });
        jobs.forEach((name, known) -> {
            Set<WebhookEvent> owed = EnumSet.copyOf(WebhookEvent.ENDS);
            owed.retainAll(known.happened());
            owed.retainAll(known.hook().events());
            if (!sent.getOrDefault(name, Set.of()).containsAll(owed)) {
                violations.add("10 an end that somebody asked for is told: " + name + " " + owed);
            }
        });
        return violations;
    }
}
