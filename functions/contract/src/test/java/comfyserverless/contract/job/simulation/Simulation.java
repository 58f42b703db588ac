package comfyserverless.contract.job.simulation;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.Protocol;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Clients, runners and a reconciler on the real protocol over a map, under one seed: what they do,
/// in which order their calls fall, which of them crash and which answers are lost.
final class Simulation {
    private static final int RUNNERS = 3;
    private static final int CLIENTS = 2;
    private static final int ACTIONS = 14;
    private static final int MOST_STEPS = 20_000;
    private static final List<String> TENANTS = List.of("a", "b");
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Random random;
    private final Mutation mutation;
    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryTickets tickets = new InMemoryTickets(clock);
    private final CountingIds ids = new CountingIds();
    private final SimulatedTable.Faults faults = new SimulatedTable.Faults();
    private final Scheduler scheduler;
    private final SimulatedWebhooks webhooks;
    private final Observer observer;
    private int clientsLeft = CLIENTS;
    private int runs;

    private Simulation(long seed, Mutation mutation) {
        this.random = new Random(seed);
        this.mutation = mutation;
        this.scheduler = new Scheduler(random, clock);
        this.webhooks = new SimulatedWebhooks(random, clock, scheduler, faults);
        this.observer = new Observer(clock, webhooks);
        observer.refreshWith(() -> observer.look(table.items()));
    }

    /// The violations under this seed.
    static List<String> violations(long seed, Mutation mutation) {
        return new Simulation(seed, mutation).run();
    }

    private List<String> run() {
        for (int client = 0; client < CLIENTS; client++) {
            scheduler.spawn(this::client);
        }
        for (int runner = 0; runner < RUNNERS; runner++) {
            scheduler.spawn(this::runner);
        }
        if (mutation != Mutation.NO_RECONCILER) {
            scheduler.spawn(this::reconciler);
        }
        scheduler.spawn(() -> webhooks.readStream(this::ports));
        scheduler.spawn(this::watch);
        scheduler.run();
        observer.settled(table.items());
        return observer.violations();
    }

    private Ports ports() {
        Table view = new SimulatedTable(table, scheduler, random, observer, mutation, faults);
        JobSettings standard = JobSettings.standard();
        JobSettings settings =
                new JobSettings(standard.pool(), LEASE, GRACE, standard.tombstone(), IDLE, true);
        return new Ports(
                new Ports.Stores(view, blobs, tickets),
                settings,
                new Ports.Chance(clock, ids, round -> scheduler.letOthers()));
    }

    private void client() {
        Jobs jobs = ports().jobs();
        for (int action = 0; action < ACTIONS; action++) {
            try {
                act(jobs);
            } catch (SimulatedTable.Crash e) {
                scheduler.letOthers();
                jobs = ports().jobs();
            }
        }
        clientsLeft--;
    }

    private void act(Jobs jobs) {
        String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        JobKey key = new JobKey(tenant, "job-" + random.nextInt(4));
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> enqueue(jobs, SampleJobs.job(key, random.nextInt(3)));
            case 5 -> enqueue(jobs, retryable(tenant));
            case 6 -> delete(jobs, key);
            case 7, 12, 13 -> jobs.clearPending(tenant);
            case 8 -> jobs.interrupt(key);
            case 9 -> jobs.cancel(key);
            case 10 -> jobs.deleteHistory(key);
            default -> jobs.queue(tenant);
        }
    }

    private void delete(Jobs jobs, JobKey key) {
        int before = observer.deletedByThis();
        boolean told = jobs.deletePending(key);
        if (told != observer.deletedByThis() > before) {
            observer.wronglyTold(key);
        }
    }

    private NewJob retryable(String tenant) {
        return SampleJobs.retryable(new JobKey(tenant, "retry-" + random.nextInt(2)), "hash");
    }

    private void enqueue(Jobs jobs, NewJob job) {
        jobs.enqueue(webhooks.perhapsOn(job));
        int copies = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2);
        for (int copy = 0; copy < copies; copy++) {
            tickets.send();
        }
    }

    private void runner() {
        while (true) {
            Ports ports = ports();
            String own = "runner-" + ids.get();
            try {
                while (true) {
                    if (tickets.receive(Duration.ZERO).isEmpty() && random.nextInt(4) > 0) {
                        scheduler.sleep(Duration.ofSeconds(2));
                        continue;
                    }
                    Optional<Claim> claim = ports.claims().claim(own);
                    if (claim.isPresent()) {
                        work(ports, claim.get());
                    }
                    scheduler.letOthers();
                }
            } catch (SimulatedTable.Crash e) {
                scheduler.sleep(Duration.ofSeconds(random.nextInt(5)));
            }
        }
    }

    private void work(Ports ports, Claim claim) {
        Claims claims = ports.claims();
        if (random.nextInt(8) == 0) {
            claims.giveBack(claim);
            return;
        }
        if (!claims.start(claim)) {
            return;
        }
        Observer.Life life = observer.started(job(claim));
        if (!body(claims, claim)) {
            return;
        }
        boolean cancelled = false;
        for (int beat = random.nextInt(4); beat > 0 && !cancelled; beat--) {
            scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(7)));
            if (random.nextInt(3) == 0) {
                output(ports, claim);
            }
            switch (random.nextBoolean() ? claims.heartbeat(claim) : claims.look(claim)) {
                case Pulse.Held held -> cancelled = held.cancelRequested();
                case Pulse.Lost lost -> {
                    return;
                }
            }
        }
        if (random.nextInt(4) == 0) {
            claims.giveBack(claim);
            return;
        }
        output(ports, claim);
        boolean done =
                claims.finish(
                        claim,
                        SampleJobs.result(
                                cancelled ? JobResult.End.INTERRUPTED : JobResult.End.SUCCESS));
        if (done) {
            observer.finished(life);
        } else {
            observer.notFinished(table.get(jobKey(claim)).orElse(null), claim.fence(), claim.own());
        }
    }

    /// Whether the prompt is there; it may be gone only if the job was taken away meanwhile.
    private boolean body(Claims claims, Claim claim) {
        try {
            return !claims.body(claim).outputsToExecute().isEmpty();
        } catch (IllegalStateException e) {
            if (claims.look(claim) instanceof Pulse.Held) {
                throw e;
            }
            return false;
        }
    }

    /// As [comfyserverless.contract.file.Files] does it: the name in one transaction with the check.
    private void output(Ports ports, Claim claim) {
        FileRef ref = new FileRef(FileType.OUTPUT, "", "out-" + runs++);
        Item file =
                Item.of(new Key("F#" + claim.key().tenant() + "#output#", ref.name()))
                        .with("promptId", claim.key().promptId())
                        .with("fence", claim.fence());
        table(ports).transact(List.of(Protocol.check(claim), Write.put(file)));
    }

    private static Table table(Ports ports) {
        return ports.stores().table();
    }

    private static Key jobKey(Claim claim) {
        return new Key("Q#" + claim.key().tenant(), "J#" + claim.key().promptId());
    }

    private Item job(Claim claim) {
        return table.get(jobKey(claim)).orElseThrow();
    }

    private void reconciler() {
        while (true) {
            scheduler.sleep(Duration.ofSeconds(5));
            try {
                Ports ports = ports();
                webhooks.sweep(ports, ports.reconcile().run().load().tenants().keySet());
            } catch (SimulatedTable.Crash e) {
                scheduler.letOthers();
            }
        }
    }

    /// Once the clients are done nothing more goes wrong, and all that was accepted has to end.
    private void watch() {
        while (clientsLeft > 0) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        faults.crashes = 0;
        faults.lostAnswers = 0;
        while (scheduler.steps() < MOST_STEPS && busy()) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        scheduler.stop();
    }

    private boolean busy() {
        return table.items().stream()
                .anyMatch(item ->
                        item.has("run") || item.has("more") || (item.has("pos") && item.has("st")));
    }
}
