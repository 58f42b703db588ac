package comfyserverless.contract.job;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.file.RunFiles;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// [Reconcile] on the table: walks the active tenants.
public final class TableReconcile implements Reconcile {
    private static final int SWEEP = 1000;

    private final Table table;
    private final Tickets tickets;
    private final Runners runners;
    private final JobSettings settings;
    private final Clock clock;
    private final Protocol protocol;
    private final Tenants tenants;
    private final ActiveTenants active;
    private final Bodies bodies;
    private final History history;
    private final Returns returns;
    private final QueueCounts counts;
    private final Connections connections;

    /// What reconciling stands on.
    public record Ports(
            Table table,
            Blobs blobs,
            Tickets tickets,
            Runners runners,
            Connections connections,
            KnownLimits limits) {}

    /// @param ids fresh operation ids
    public TableReconcile(Ports ports, JobSettings settings, Clock clock, Supplier<String> ids) {
        this.table = ports.table();
        this.tickets = ports.tickets();
        this.runners = ports.runners();
        this.connections = ports.connections();
        this.settings = settings;
        this.clock = clock;
        this.protocol = new Protocol(settings, ids);
        this.tenants = new Tenants(table, ports.limits(), clock);
        this.active = new ActiveTenants(table, settings, ids);
        this.counts = new QueueCounts(table, tenants, clock);
        Summaries summaries = new Summaries(table, ports.blobs(), ids);
        this.bodies = new Bodies(table, ports.blobs(), ids);
        this.history = new History(table, protocol, bodies, summaries, tenants);
        this.returns =
                new Returns(
                        table,
                        protocol,
                        tenants,
                        active,
                        new Returns.Content(bodies, summaries, new RunFiles(table, ports.blobs())));
    }

    @Override
    public Reconciled run() {
        Round round = new Round();
        for (ActiveTenants.Row row : active.longestWaiting()) {
            round.visit(row.tenant());
        }
        return round.close();
    }

    /// One walk over the tenants.
    private final class Round {
        private final List<JobKey> requeued = new ArrayList<>();
        private final List<JobKey> ended = new ArrayList<>();
        private final Map<String, Load.Work> work = new HashMap<>();
        private int swept;

        void visit(String tenant) {
            Instant now = clock.instant();
            for (JobItem job : runningJobs(tenant)) {
                switch (returns.expire(job, now, settings.grace())) {
                    case REQUEUED -> requeued.add(job.key());
                    case ENDED -> ended.add(job.key());
                    case CLEARED -> swept++;
                    case LEFT -> {}
                }
            }
            Tenants.Tenant seen = tenants.read(tenant);
            swept += sweepPending(tenant, seen.clearSeq(), now);
            swept += history.sweep(tenant, SWEEP, now);
            QueueCounts.Waiting waiting = counts.waiting(tenant, seen.clearSeq());
            List<JobItem> left = runningJobs(tenant);
            int ready = ready(tenant, waiting.first(), left, seen.mostRunning());
            work.put(tenant, new Load.Work(waiting.size(), ready, left.size(), waiting.waits()));
            if (waiting.size() == 0 && left.isEmpty() && !owesWebhooks(tenant)) {
                active.retire(tenant, now, settings.idleTenant());
            }
        }

        /// How many runners would find one of these jobs.
        private int ready(
                String tenant, List<Candidate> waiting, List<JobItem> running, long mostRunning) {
            List<Candidate> held = running.stream().map(Candidate::of).toList();
            BusyClients busy = new BusyClients(connections, settings, tenant, held);
            long room = mostRunning - held.size();
            int ready = 0;
            for (Candidate job : waiting) {
                if (ready < room && !busy.blocks(job)) {
                    busy.takes(job);
                    ready++;
                }
            }
            return ready;
        }

        Reconciled close() {
            int alive = (int) runners.known().stream().filter(runners::alive).count();
            Load load = new Load(work, alive);
            int idle = Math.max(1, alive - load.total().running());
            int missing = Math.min(load.total().ready(), idle);
            for (int sent = 0; sent < missing; sent++) {
                tickets.send();
            }
            return new Reconciled(requeued, ended, swept, missing, load);
        }
    }

    /// A tenant stays in the rounds until the webhooks of its jobs are handed over.
    private boolean owesWebhooks(String tenant) {
        return table.count(Query.of(JobItem.partition(tenant), Index.DUE)) > 0;
    }

    private List<JobItem> runningJobs(String tenant) {
        List<Key> keys =
                table.all(Query.of(JobItem.partition(tenant), Index.RUN)).stream()
                        .map(Item::key)
                        .toList();
        return table.getAll(keys).values().stream().map(JobItem::of).toList();
    }

    private boolean swept(Candidate job, Instant now) {
        Outcome outcome = table.write(protocol.sweep(job, null, now));
        if (outcome instanceof Outcome.Refused(Item found) && JobItem.hook(found) != null) {
            outcome = table.write(protocol.sweep(job, JobItem.hook(found), now));
        }
        return outcome.done();
    }

    private int sweepPending(String tenant, long clearSeq, Instant now) {
        if (clearSeq == 0) {
            return 0;
        }
        int gone = 0;
        Query cleared =
                Query.of(JobItem.partition(tenant), Index.POS).where(Protocol.clearedBy(clearSeq));
        for (Item item : table.first(cleared, SWEEP)) {
            Candidate job = Candidate.of(item);
            if (swept(job, now)) {
                bodies.delete(job.key(), job.body());
                gone++;
            }
        }
        return gone;
    }
}
