package comfyserverless.contract.job;

import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.TableDeliveries;
import comfyserverless.contract.webhook.WebhookTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How prompts come into the queue, or why they do not.
final class Arrivals {
    private static final int ROUNDS = 5;
    private static final int RETRY_SECONDS = 60;
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Table table;
    private final Clock clock;
    private final Protocol protocol;
    private final Parts parts;
    private final FullTenants full;

    /// What an arrival touches besides the job's own item.
    record Parts(ActiveTenants active, Bodies bodies, History history, WaitingRoom room) {}

    Arrivals(Table table, Clock clock, Protocol protocol, Parts parts) {
        this.table = table;
        this.clock = clock;
        this.protocol = protocol;
        this.parts = parts;
        this.full = new FullTenants(clock);
    }

    /// The job, its prompt and the tenant's row go in by one transaction. What else an acceptance has to
    /// change or to hold at once can join it.
    Enqueued enqueue(NewJob job, Turn turn) {
        JobKey key = job.key();
        if (full.contains(key.tenant())) {
            return new Enqueued.Full(
                    "the queue and history of this tenant have reached their size limit",
                    RETRY_SECONDS);
        }
        Optional<Enqueued> refused = refused(job, turn);
        if (refused.isPresent()) {
            return refused.get();
        }
        Instant now = clock.instant();
        Item body = parts.bodies().item(key, job.body(), now);
        String name = body.key().sort();
        List<Write> beside = new ArrayList<>();
        beside.add(Write.put(body));
        parts.active().touchIfDue(key.tenant(), now).ifPresent(beside::add);
        WebhookTarget webhook = job.webhook();
        if (webhook != null) {
            beside.add(Write.put(TableDeliveries.ofPrompt(key.tenant(), name, webhook, now)));
        }
        Enqueued enqueued = accept(job, item(job, name, turn), beside, turn.admission());
        if (enqueued instanceof Enqueued.Accepted) {
            parts.active().touched(key.tenant(), now);
        } else {
            parts.bodies().forget(body);
        }
        return enqueued;
    }

    /// What the turn has said already. Who only asks again gets the answer it had.
    private Optional<Enqueued> refused(NewJob job, Turn turn) {
        Admission admission = turn.admission();
        if (admission.closing()) {
            return Optional.of(new Enqueued.Closed());
        }
        LimitReached usedUp = admission.usedUp();
        return usedUp == null
                ? Optional.empty()
                : Optional.of(again(job).orElse(new Enqueued.Limited(usedUp)));
    }

    private Optional<Enqueued> again(NewJob job) {
        return !job.retryable()
                ? Optional.empty()
                : table.get(JobItem.key(job.key()))
                        .map(JobItem::of)
                        .filter(there -> there.origin().requestHash().equals(job.requestHash()))
                        .map(there -> new Enqueued.Again(there.number()));
    }

    private Enqueued accept(NewJob job, JobItem item, List<Write> prompt, Admission admission) {
        List<Write> beside = new ArrayList<>(prompt);
        String tenant = job.key().tenant();
        long most = admission.mostPending();
        boolean limited = most < Long.MAX_VALUE;
        if (limited) {
            beside.add(parts.room().take(tenant, most));
        }
        Outcome outcome = table.putWith(protocol.enqueue(item), beside);
        for (int round = 0; round < ROUNDS; round++) {
            switch (outcome) {
                case Outcome.Done done -> {
                    if (done.collectionGigabytes() >= JobSettings.FULL_GIGABYTES) {
                        full.add(job.key().tenant());
                    }
                    return new Enqueued.Accepted(job.number());
                }
                case Outcome.Refused refused -> {
                    Item found = refused.found();
                    Optional<Enqueued> answer =
                            found == null ? Optional.empty() : answer(job, item, found);
                    if (answer.isPresent()) {
                        return answer.get();
                    }
                    if (limited && !parts.room().hasRoom(tenant, most)) {
                        return full(admission);
                    }
                    outcome =
                            found == null
                                    ? table.putWith(protocol.enqueue(item), beside)
                                    : replace(found, item, beside);
                }
            }
        }
        return limited ? full(admission) : new Enqueued.Conflict(job.key().promptId());
    }

    /// A place is free once the next job has started, which is when a running one has ended.
    private static Enqueued full(Admission admission) {
        Duration usual = admission.usualRun();
        Duration wait =
                usual.isZero()
                        ? USUAL_WAIT
                        : usual.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : usual;
        return new Enqueued.Limited(
                new LimitReached(Limit.PENDING, admission.mostPending(), wait.plusMillis(999)));
    }

    /// What an item that is there already means for this request; empty if it may be replaced. The
    /// order of acceptance tells one's own item even if others have changed it since.
    private Optional<Enqueued> answer(NewJob job, JobItem item, Item found) {
        JobItem there = JobItem.of(found);
        if (there.origin().seq() == item.origin().seq()) {
            return Optional.of(new Enqueued.Accepted(job.number()));
        }
        boolean retry = job.retryable() && !found.expired(clock.instant());
        if (retry && there.origin().requestHash().equals(job.requestHash())) {
            return Optional.of(new Enqueued.Again(there.number()));
        }
        return retry || there.state().lives()
                ? Optional.of(new Enqueued.Conflict(job.key().promptId()))
                : Optional.empty();
    }

    private Outcome replace(Item found, JobItem item, List<Write> beside) {
        JobItem there = JobItem.of(found);
        List<Write> more = new ArrayList<>(beside);
        if (WebhookOutbox.isDue(found)) {
            more.add(WebhookOutbox.keep(found));
        }
        Outcome outcome = table.putWith(protocol.replace(there, item), more);
        if (outcome.done()) {
            parts.history().forgetReplaced(there);
        }
        return outcome;
    }

    private JobItem item(NewJob job, String body, Turn turn) {
        Origin origin =
                new Origin(
                        turn.seq(),
                        body,
                        job.requestHash(),
                        job.catalogueDigest(),
                        clock.instant(),
                        hook(job.webhook(), turn.hook()),
                        job.trace());
        return new JobItem(
                job.key(), new JobState.Pending(), job.number(), 0, 0, job.clientId(), origin);
    }

    /// A webhook that came with the prompt goes before the tenant's.
    private static @Nullable String hook(@Nullable WebhookTarget own, @Nullable String tenants) {
        return own == null ? tenants : new Hook(Hook.Source.PROMPT, own.events()).text();
    }
}
