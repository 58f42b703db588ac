package comfyserverless.contract.job;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.file.RunFiles;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Claims] on the table: executes what [Protocol] decides.
public final class TableClaims implements Claims {
    private static final int ROUNDS = 3;

    private final Table table;
    private final JobSettings settings;
    private final Connections connections;
    private final Clock clock;
    private final Pause pause;
    private final Protocol protocol;
    private final Tenants tenants;
    private final ActiveTenants active;
    private final Bodies bodies;
    private final Summaries summaries;
    private final Returns returns;
    private final RunFiles files;
    private volatile @Nullable Ending ending;

    /// When the run of a claim was over.
    private record Ending(Claim claim, Instant at) {}

    /// What the claims stand on.
    public record Ports(Table table, Blobs blobs, Connections connections, KnownLimits limits) {}

    /// @param ids fresh operation ids
    public TableClaims(
            Ports ports, JobSettings settings, Clock clock, Supplier<String> ids, Pause pause) {
        this.table = ports.table();
        this.settings = settings;
        this.connections = ports.connections();
        this.clock = clock;
        this.pause = pause;
        this.protocol = new Protocol(settings, ids);
        this.tenants = new Tenants(table, ports.limits(), clock);
        this.active = new ActiveTenants(table, settings, ids);
        this.bodies = new Bodies(table, ports.blobs(), ids);
        this.summaries = new Summaries(table, ports.blobs(), ids);
        this.files = new RunFiles(table, ports.blobs());
        this.returns =
                new Returns(
                        table,
                        protocol,
                        tenants,
                        active,
                        new Returns.Content(bodies, summaries, files));
    }

    /// Looks at the tenants in turn, first as a good neighbour (a tenant that somebody else has just
    /// been serving is left out), then without.
    @Override
    public Optional<Claim> claim(String own) {
        for (int round = 0; round < ROUNDS; round++) {
            boolean contended = false;
            for (boolean polite : new boolean[] {true, false}) {
                for (ActiveTenants.Row row : active.longestWaiting()) {
                    Attempt attempt = claimOf(row, own, polite);
                    if (attempt.claim() != null) {
                        return Optional.of(attempt.claim());
                    }
                    contended |= attempt.contended();
                }
                if (!contended) {
                    return Optional.empty();
                }
            }
            pause.after(round);
        }
        return Optional.empty();
    }

    /// A claim, or whether it was others who prevented one.
    private record Attempt(@Nullable Claim claim, boolean contended) {
        private static final Attempt NOTHING = new Attempt(null, false);
        private static final Attempt CONTENDED = new Attempt(null, true);
    }

    private Attempt claimOf(ActiveTenants.Row row, String own, boolean polite) {
        Tenants.Tenant tenant = tenants.read(row.tenant());
        if (tenant.mostRunning() == 0) {
            return Attempt.NOTHING;
        }
        Query query =
                Query.of(JobItem.partition(row.tenant()), Index.POS)
                        .where(Protocol.beyond(tenant.clearSeq()))
                        .limit(JobSettings.CANDIDATES);
        Page page = table.query(query);
        if (page.items().isEmpty() && page.next() == null) {
            return Attempt.NOTHING;
        }
        List<Candidate> running = running(row.tenant());
        if (running.size() >= tenant.mostRunning()) {
            return Attempt.NOTHING;
        }
        BusyClients busy = busy(row.tenant(), running);
        boolean served = false;
        boolean contended = false;
        while (true) {
            for (Item item : page.items()) {
                Candidate candidate = Candidate.of(item);
                if (busy.blocks(candidate)) {
                    continue;
                }
                if (!served && !active.served(row, clock.instant()) && polite) {
                    return Attempt.CONTENDED;
                }
                served = true;
                Optional<Claim> claim = take(candidate, own);
                switch (claim.map(taken -> rival(taken, tenant.mostRunning()))
                        .orElse(Rival.TAKER)) {
                    case NONE -> {
                        return new Attempt(claim.orElseThrow(), false);
                    }
                    case TENANT -> {
                        return Attempt.CONTENDED;
                    }
                    case TAKER, CLIENT -> contended = true;
                }
            }
            if (page.next() == null) {
                return contended ? Attempt.CONTENDED : Attempt.NOTHING;
            }
            page = table.query(query.from(page.next()));
        }
    }

    private List<Candidate> running(String tenant) {
        return table.all(Query.of(JobItem.partition(tenant), Index.RUN)).stream()
                .map(Candidate::of)
                .toList();
    }

    private BusyClients busy(String tenant, List<Candidate> running) {
        return new BusyClients(connections, settings, tenant, running);
    }

    /// The write may have been applied with its answer lost and the item changed since, by a request
    /// to stop: the owner and the next fence say so.
    private Optional<Claim> take(Candidate candidate, String own) {
        Outcome outcome = table.write(protocol.claim(candidate, own, clock.instant()));
        Item item =
                switch (outcome) {
                    case Outcome.Done done -> done.written();
                    case Outcome.Refused refused -> refused.found();
                };
        if (item == null) {
            return Optional.empty();
        }
        JobItem job = JobItem.of(item);
        return job.state() instanceof JobState.Running running
                        && running.own().equals(own)
                        && job.fence() == candidate.fence() + 1
                ? Optional.of(job.claim(running))
                : Optional.empty();
    }

    /// Who came between a runner and the job that it looked at.
    private enum Rival {
        NONE,
        /// Another runner took it.
        TAKER,
        /// Another runner took one of the same client at the same time.
        CLIENT,
        /// Others took jobs of a tenant with a limit at the same time, so that more run than may.
        TENANT
    }

    /// Looks again at what runs, now that a job is ours; where there is a rival it goes back. Of runners that take jobs
    /// together at least the last one sees the others.
    private Rival rival(Claim claim, long mostRunning) {
        boolean limited = mostRunning < Long.MAX_VALUE;
        if (!limited && (claim.clientId() == null || settings.parallelPerClient())) {
            return Rival.NONE;
        }
        String tenant = claim.key().tenant();
        List<Candidate> running = running(tenant);
        List<Candidate> others =
                running.stream().filter(job -> !job.key().equals(claim.key())).toList();
        Candidate own =
                new Candidate(
                        claim.key(),
                        claim.number(),
                        claim.origin().seq(),
                        claim.fence(),
                        claim.clientId(),
                        claim.origin().body());
        Rival rival =
                running.size() > mostRunning
                        ? Rival.TENANT
                        : busy(tenant, others).blocks(own) ? Rival.CLIENT : Rival.NONE;
        if (rival != Rival.NONE) {
            giveBack(claim);
        }
        return rival;
    }

    @Override
    public boolean start(Claim claim) {
        Instant now = clock.instant();
        long clearSeq = tenants.read(claim.key().tenant()).clearSeq();
        if (claim.origin().seq() <= clearSeq) {
            if (table.write(protocol.cleared(claim, now)).done()) {
                bodies.delete(claim.key(), claim.origin().body());
            }
            return false;
        }
        return table.write(protocol.start(claim, now)).done();
    }

    @Override
    public PromptBody body(Claim claim) {
        return bodies.load(claim.key(), claim.origin().body());
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        Write write = protocol.heartbeat(claim, clock.instant());
        return table.write(write) instanceof Outcome.Done done
                ? new Pulse.Held(done.written().has(JobItem.CANCEL))
                : new Pulse.Lost();
    }

    @Override
    public Pulse look(Claim claim) {
        return table.get(JobItem.key(claim.key()))
                .filter(Protocol.held(claim)::holds)
                .<Pulse>map(item -> new Pulse.Held(item.has(JobItem.CANCEL)))
                .orElseGet(Pulse.Lost::new);
    }

    /// A call may be repeated, since the last one had no answer: the end that happened stays, with its time, and who
    /// asks for the same hears that it happened.
    @Override
    public boolean finish(Claim claim, JobResult result) {
        Optional<Ending> asked =
                Optional.ofNullable(ending).filter(last -> last.claim().equals(claim));
        Instant now = asked.map(Ending::at).orElseGet(clock::instant);
        ending = new Ending(claim, now);
        JobState.Ended end = JobState.Ended.of(result.end());
        boolean done =
                asked.flatMap(_ -> endOf(claim))
                        .map(end::equals)
                        .orElseGet(() ->
                                ends(claim, result, now)
                                        || endOf(claim).filter(end::equals).isPresent());
        if (done) {
            files.keepOnly(claim);
        }
        return done;
    }

    private boolean ends(Claim claim, JobResult result, Instant now) {
        summaries.store(claim, result, now);
        long place = tenants.nextHistory(claim.key().tenant());
        Write end = protocol.finish(claim, result.end(), place, now);
        return table.transact(List.of(end, tenants.used(claim, now)));
    }

    /// How a run has ended by itself: then the job has its fence for ever.
    private Optional<JobState.Ended> endOf(Claim claim) {
        return table.get(JobItem.key(claim.key()))
                .map(JobItem::of)
                .filter(job -> job.fence() == claim.fence())
                .map(JobItem::state)
                .filter(JobState.Ended.class::isInstance)
                .map(JobState.Ended.class::cast);
    }

    @Override
    public void giveBack(Claim claim) {
        returns.giveBack(claim, clock.instant());
    }

    @Override
    public void giveBackAll(String own) {
        for (ActiveTenants.Row row : active.longestWaiting()) {
            table.all(Query.of(JobItem.partition(row.tenant()), Index.RUN)).stream()
                    .filter(item -> own.equals(item.textOrNull(JobItem.OWN)))
                    .flatMap(item -> table.get(item.key()).stream())
                    .map(JobItem::of)
                    .flatMap(job -> job.claimOf(own).stream())
                    .forEach(this::giveBack);
        }
    }
}
