package comfyserverless.contract.job;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// [Jobs] on the table: executes what [Protocol] decides.
public final class TableJobs implements Jobs {
    private static final int ROUNDS = 5;

    private final Table table;
    private final Clock clock;
    private final Protocol protocol;
    private final Tenants tenants;
    private final Bodies bodies;
    private final History history;
    private final QueueCounts counts;
    private final Arrivals arrivals;

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
        this.bodies = new Bodies(table, blobs, ids);
        this.counts = new QueueCounts(table, tenants, clock);
        Summaries summaries = new Summaries(table, blobs, ids);
        this.history = new History(table, protocol, bodies, summaries, tenants);
        this.arrivals =
                new Arrivals(
                        table,
                        clock,
                        protocol,
                        new Arrivals.Parts(
                                new ActiveTenants(table, settings, ids),
                                bodies,
                                history,
                                new WaitingRoom(table, tenants, clock, ids)));
    }

    @Override
    public Turn nextTurn(String tenant, boolean counts) {
        return tenants.nextTurn(tenant, counts);
    }

    @Override
    public Enqueued enqueue(NewJob job, Turn turn) {
        return arrivals.enqueue(job, turn);
    }

    @Override
    public QueueView queue(String tenant) {
        long clearSeq = tenants.read(tenant).clearSeq();
        List<Candidate> before = runningJobs(tenant);
        List<Candidate> pending = pending(tenant, clearSeq);
        List<Candidate> running = runningJobs(tenant);
        Map<JobKey, Candidate> waiting = new LinkedHashMap<>();
        pending.forEach(job -> waiting.put(job.key(), job));
        if (addReturned(waiting, before, running, clearSeq)) {
            List<Candidate> unordered = List.copyOf(waiting.values());
            waiting.clear();
            unordered.stream()
                    .sorted(Comparator.comparing(Candidate::position))
                    .forEach(job -> waiting.put(job.key(), job));
        }
        running.forEach(job -> waiting.remove(job.key()));
        List<Candidate> all = new ArrayList<>(waiting.values());
        all.addAll(running);
        Map<Key, Bodies.Stored> prompts =
                bodies.loadAll(all.stream().map(TableJobs::bodyKey).toList());
        return new QueueView(
                queued(running, prompts), queued(List.copyOf(waiting.values()), prompts));
    }

    /// A job that goes back to the queue between the reads is in neither list, unless one looks after those that
    /// ran before. Whether there was one.
    private boolean addReturned(
            Map<JobKey, Candidate> waiting,
            List<Candidate> before,
            List<Candidate> running,
            long clearSeq) {
        Set<JobKey> gone = new HashSet<>();
        before.forEach(job -> gone.add(job.key()));
        running.forEach(job -> gone.remove(job.key()));
        gone.removeAll(waiting.keySet());
        if (gone.isEmpty()) {
            return false;
        }
        List<Candidate> returned =
                table.getAll(gone.stream().map(JobItem::key).toList()).values().stream()
                        .map(JobItem::of)
                        .filter(job -> job.state() instanceof JobState.Pending)
                        .filter(job -> job.origin().seq() > clearSeq)
                        .map(Candidate::of)
                        .toList();
        returned.forEach(job -> waiting.put(job.key(), job));
        return !returned.isEmpty();
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
