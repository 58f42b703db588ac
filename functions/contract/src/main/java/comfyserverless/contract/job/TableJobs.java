package comfyserverless.contract.job;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.TableDeliveries;
import comfyserverless.contract.webhook.WebhookTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Jobs] on the table: executes what [Protocol] decides.
public final class TableJobs implements Jobs {
    private static final int ROUNDS = 5;
    private static final int RETRY_SECONDS = 60;
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Table table;
    private final Clock clock;
    private final Protocol protocol;
    private final Tenants tenants;
    private final ActiveTenants active;
    private final Bodies bodies;
    private final History history;
    private final FullTenants full;
    private final QueueCounts counts;
    private final WaitingRoom room;

    /// On these stores.
    ///
    /// @param ids fresh operation ids
    public TableJobs(
            Table table,
            Blobs blobs,
            KnownLimits limits,
            JobSettings settings,
            Clock clock,
            Supplier<String> ids) {
        this.table = table;
        this.clock = clock;
        this.protocol = new Protocol(settings, ids);
        this.tenants = new Tenants(table, limits, clock);
        this.active = new ActiveTenants(table, settings, ids);
        this.bodies = new Bodies(table, blobs, ids);
        this.counts = new QueueCounts(table, tenants, clock);
        this.room = new WaitingRoom(table, tenants, clock, ids);
        this.full = new FullTenants(clock);
        Summaries summaries = new Summaries(table, blobs, ids);
        this.history = new History(table, protocol, bodies, summaries, tenants);
    }

    @Override
    public Turn nextTurn(String tenant, boolean counts) {
        return tenants.nextTurn(tenant, counts);
    }

    /// The job, its prompt and the tenant's row go in by one transaction. What else an acceptance has to
    /// change or to hold at once can join it.
    @Override
    public Enqueued enqueue(NewJob job, Turn turn) {
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
        Item body = bodies.item(key, job.body(), now);
        String name = body.key().sort();
        List<Write> beside = new ArrayList<>();
        beside.add(Write.put(body));
        active.touchIfDue(key.tenant(), now).ifPresent(beside::add);
        WebhookTarget webhook = job.webhook();
        if (webhook != null) {
            beside.add(Write.put(TableDeliveries.ofPrompt(key.tenant(), name, webhook, now)));
        }
        Enqueued enqueued = accept(job, item(job, name, turn), beside, turn.admission());
        if (enqueued instanceof Enqueued.Accepted) {
            active.touched(key.tenant(), now);
        } else {
            bodies.forget(body);
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
                : job(job.key())
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
            beside.add(room.take(tenant, most));
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
                    if (limited && !room.hasRoom(tenant, most)) {
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
            history.forgetReplaced(there);
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

    @Override
    public QueueView queue(String tenant) {
        long clearSeq = tenants.read(tenant).clearSeq();
        List<Candidate> pending = pending(tenant, clearSeq);
        List<Candidate> running = runningJobs(tenant);
        Map<JobKey, Candidate> waiting = new LinkedHashMap<>();
        pending.forEach(job -> waiting.put(job.key(), job));
        running.forEach(job -> waiting.remove(job.key()));
        List<Candidate> all = new ArrayList<>(waiting.values());
        all.addAll(running);
        Map<Key, Bodies.Stored> prompts =
                bodies.loadAll(all.stream().map(TableJobs::bodyKey).toList());
        return new QueueView(
                queued(running, prompts), queued(List.copyOf(waiting.values()), prompts));
    }

    private static List<QueuedJob> queued(List<Candidate> jobs, Map<Key, Bodies.Stored> prompts) {
        List<QueuedJob> queued = new ArrayList<>();
        for (Candidate job : jobs) {
            Bodies.Stored stored = prompts.get(bodyKey(job));
            if (stored != null) {
                queued.add(
                        new QueuedJob(
                                job.number(),
                                job.key().promptId(),
                                stored.body(),
                                stored.created()));
            }
        }
        return queued;
    }

    private static Key bodyKey(Candidate job) {
        return Bodies.key(job.key(), job.body());
    }

    private List<Candidate> pending(String tenant, long clearSeq) {
        Query query =
                Query.of(JobItem.partition(tenant), Index.POS).where(Protocol.beyond(clearSeq));
        return table.all(query).stream().map(Candidate::of).toList();
    }

    private List<Candidate> runningJobs(String tenant) {
        return table.all(Query.of(JobItem.partition(tenant), Index.RUN)).stream()
                .map(Candidate::of)
                .toList();
    }

    @Override
    public int queueRemaining(String tenant) {
        return counts.remaining(tenant);
    }

    @Override
    public int queueRemaining(String tenant, Turn turn) {
        return counts.remaining(tenant, turn.clearSeq());
    }

    @Override
    public Optional<JobStatus> status(JobKey key) {
        Optional<Item> item = job(key);
        if (item.isEmpty()) {
            return Optional.empty();
        }
        JobItem job = JobItem.of(item.get());
        return switch (job.state()) {
            case JobState.Pending pending ->
                    job.origin().seq() > tenants.read(key.tenant()).clearSeq()
                            ? Optional.of(JobStatus.PENDING)
                            : Optional.empty();
            case JobState.Running running -> Optional.of(JobStatus.RUNNING);
            case JobState.Done done -> Optional.of(JobStatus.SUCCESS);
            case JobState.Failed failed -> Optional.of(JobStatus.ERROR);
            case JobState.Interrupted interrupted -> Optional.of(JobStatus.INTERRUPTED);
            case JobState.Deleted deleted -> Optional.empty();
        };
    }

    private Optional<Item> job(JobKey key) {
        return JobKey.isPromptId(key.promptId()) ? table.get(JobItem.key(key)) : Optional.empty();
    }

    @Override
    public List<JobKey> running(String tenant) {
        return runningJobs(tenant).stream().map(Candidate::key).toList();
    }

    @Override
    public List<ActiveJob> runningGraphs(String tenant) {
        List<Candidate> running = runningJobs(tenant);
        Map<Key, Bodies.Stored> prompts =
                bodies.loadAll(running.stream().map(TableJobs::bodyKey).toList());
        List<ActiveJob> active = new ArrayList<>();
        for (Candidate job : running) {
            Bodies.Stored stored = prompts.get(bodyKey(job));
            if (stored != null) {
                active.add(
                        new ActiveJob(
                                job.key(), job.body(), job.clientId(), stored.body().prompt()));
            }
        }
        return active;
    }

    @Override
    public Optional<ActiveJob> activeGraph(JobKey key) {
        if (!status(key).filter(TableJobs::lives).isPresent()) {
            return Optional.empty();
        }
        return job(key).map(JobItem::of).flatMap(this::active);
    }

    private Optional<ActiveJob> active(JobItem job) {
        String name = job.origin().body();
        Key key = Bodies.key(job.key(), name);
        return Optional.ofNullable(bodies.loadAll(List.of(key)).get(key))
                .map(stored ->
                        new ActiveJob(job.key(), name, job.clientId(), stored.body().prompt()));
    }

    @Override
    public List<JobKey> runningOf(String tenant, String clientId) {
        return runningJobs(tenant).stream()
                .filter(job -> clientId.equals(job.clientId()))
                .map(Candidate::key)
                .toList();
    }

    @Override
    public List<JobKey> endedOf(String tenant, String clientId, int most) {
        Query newest = Query.of(JobItem.partition(tenant), Index.HIS).backward();
        return table.first(newest, most).stream()
                .map(Candidate::of)
                .filter(job -> clientId.equals(job.clientId()))
                .map(Candidate::key)
                .toList();
    }

    @Override
    public boolean deletePending(JobKey key) {
        if (!JobKey.isPromptId(key.promptId())) {
            return false;
        }
        Outcome outcome = table.write(protocol.delete(key, null, clock.instant()));
        if (outcome instanceof Outcome.Refused(Item found) && JobItem.hook(found) != null) {
            outcome = table.write(protocol.delete(key, JobItem.hook(found), clock.instant()));
        }
        if (outcome instanceof Outcome.Done done) {
            bodies.delete(key, JobItem.of(done.written()).origin().body());
        }
        return outcome.done();
    }

    @Override
    public void clearPending(String tenant) {
        tenants.clearPending(tenant);
    }

    @Override
    public boolean interrupt(JobKey key) {
        return JobKey.isPromptId(key.promptId()) && table.write(protocol.interrupt(key)).done();
    }

    /// Deletes it or asks it to stop, whichever the job's state allows; between the two it may change
    /// sides, but not for ever.
    @Override
    public boolean cancel(JobKey key) {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<JobStatus> status = status(key);
            boolean may = status.filter(TableJobs::lives).isPresent();
            if (!may) {
                return false;
            }
            if (deletePending(key) || interrupt(key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lives(JobStatus status) {
        return status == JobStatus.PENDING || status == JobStatus.RUNNING;
    }

    @Override
    public List<HistoryEntry> history(String tenant, int maxItems, int offset) {
        return history.list(tenant, maxItems, offset);
    }

    @Override
    public Optional<HistoryEntry> historyOf(JobKey key) {
        return JobKey.isPromptId(key.promptId()) ? history.find(key) : Optional.empty();
    }

    @Override
    public void deleteHistory(JobKey key) {
        if (JobKey.isPromptId(key.promptId())) {
            history.delete(key, clock.instant());
        }
    }

    @Override
    public void clearHistory(String tenant) {
        tenants.clearHistory(tenant);
    }

    @Override
    public int forgetEnded(String tenant, Instant before, int most) {
        return history.forgetEnded(tenant, before, most, clock.instant());
    }
}
