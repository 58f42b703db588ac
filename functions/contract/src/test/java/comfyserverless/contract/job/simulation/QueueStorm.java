package comfyserverless.contract.job.simulation;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.Enqueued;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.job.Turn;
import comfyserverless.contract.job.simulation.JobSpans.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Twenty clients that queue (at the end and in front), delete, clear, interrupt, cancel and look, all at once, with
/// runners beside them: every answer must have been true at a moment between its question and itself.
final class QueueStorm {
    private static final int CLIENTS = 20;
    private static final int RUNNERS = 4;
    private static final List<String> TENANTS = List.of("a", "b");
    private static final List<Place> WAITING = List.of(Place.PENDING, Place.CLEARED);
    private static final List<Place> LIVING = List.of(Place.PENDING, Place.RUNNING);

    private final Random random;
    private final int operations;
    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryTickets tickets = new InMemoryTickets(clock);
    private final CountingIds ids = new CountingIds();
    private final SimulatedTable.Faults faults = new SimulatedTable.Faults();
    private final Scheduler scheduler;
    private final JobSpans truth = new JobSpans();
    private final Mutation mutation;
    private final List<String> violations = new ArrayList<>();
    private int clientsLeft = CLIENTS;
    private int named;

    private QueueStorm(long seed, int operations, Mutation mutation) {
        this.random = new Random(seed);
        this.operations = operations;
        this.mutation = mutation;
        this.scheduler = new Scheduler(random, clock);
        faults.crashes = 0;
    }

    /// What was not so under this seed.
    ///
    /// @param operations of all clients together
    static List<String> violations(long seed, int operations, Mutation mutation) {
        return new QueueStorm(seed, operations, mutation).run();
    }

    private List<String> run() {
        for (int client = 0; client < CLIENTS; client++) {
            scheduler.spawn(this::client);
        }
        for (int runner = 0; runner < RUNNERS; runner++) {
            scheduler.spawn(this::runner);
        }
        scheduler.spawn(this::reconciler);
        scheduler.spawn(this::watch);
        scheduler.run();
        for (JobKey key : truth.known()) {
            expect(truth.isOver(key), "every job ends: " + key);
        }
        return violations;
    }

    private void expect(boolean holds, String rule) {
        if (!holds) {
            violations.add(rule);
        }
    }

    private Ports ports() {
        JobSettings standard = JobSettings.standard();
        JobSettings settings =
                new JobSettings(
                        standard.pool(),
                        standard.lease(),
                        standard.grace(),
                        standard.tombstone(),
                        standard.idleTenant(),
                        true);
        return new Ports(
                new Ports.Stores(
                        new SimulatedTable(table, scheduler, random, truth, mutation, faults),
                        blobs,
                        tickets),
                settings,
                new Ports.Chance(clock, ids, round -> scheduler.letOthers()));
    }

    private void client() {
        Jobs jobs = ports().jobs();
        for (int action = 0; action < operations / CLIENTS; action++) {
            act(jobs, TENANTS.get(random.nextInt(TENANTS.size())));
        }
        clientsLeft--;
    }

    private void act(Jobs jobs, String tenant) {
        long asked = truth.now();
        JobKey key = new JobKey(tenant, "job-" + Math.max(0, named - random.nextInt(40)));
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> enqueue(jobs, tenant);
            case 10, 11, 12 -> told("delete", key, jobs.deletePending(key), WAITING, asked);
            case 13, 14, 15 ->
                    told("interrupt", key, jobs.interrupt(key), List.of(Place.RUNNING), asked);
            case 16, 17 -> told("cancel", key, jobs.cancel(key), LIVING, asked);
            case 18 -> clear(jobs, tenant);
            case 19, 20, 21 -> queue(jobs, tenant);
            case 22 -> remaining(jobs, tenant);
            default -> history(jobs, tenant);
        }
    }

    private void enqueue(Jobs jobs, String tenant) {
        // now and then an id that was there before
        boolean again = random.nextInt(10) == 0;
        JobKey key = new JobKey(tenant, "job-" + (again ? random.nextInt(named + 1) : named++));
        Turn turn = jobs.nextTurn(tenant, true);
        double number = random.nextInt(4) == 0 ? -turn.number() : turn.number();
        long asked = truth.now();
        switch (jobs.enqueue(SampleJobs.job(key, number), turn)) {
            case Enqueued.Accepted _ -> tickets.send();
            case Enqueued.Conflict _ ->
                    expect(
                            LIVING.stream()
                                            .anyMatch(place ->
                                                    truth.ever(key, place, asked, truth.now()))
                                    || truth.ever(key, Place.CLEARED, asked, truth.now()),
                            "only an id in use is refused: " + key);
            case Enqueued other -> violations.add("accepted or a conflict: " + other);
        }
    }

    /// A yes needs the job in such a place at some moment, a no a moment at which it was elsewhere.
    private void told(String what, JobKey key, boolean yes, List<Place> places, long asked) {
        long now = truth.now();
        if (yes) {
            expect(
                    places.stream().anyMatch(place -> truth.ever(key, place, asked, now)),
                    what + " did something: " + key);
        } else {
            expect(!truth.always(key, places, asked, now), what + " had something to do: " + key);
        }
        if (yes && what.equals("delete")) {
            expect(truth.ever(key, Place.NOWHERE, asked, now), "what was deleted is gone: " + key);
        }
    }

    private void clear(Jobs jobs, String tenant) {
        long asked = truth.now();
        List<JobKey> before = truth.allAlways(tenant, List.of(Place.PENDING), asked, asked);
        jobs.clearPending(tenant);
        long now = truth.now();
        for (JobKey key : before) {
            expect(
                    !truth.always(key, List.of(Place.PENDING), asked, now),
                    "what waited is cleared: " + key);
        }
    }

    private void queue(Jobs jobs, String tenant) {
        long asked = truth.now();
        QueueView view = jobs.queue(tenant);
        long now = truth.now();
        listed(tenant, view.pending(), Place.PENDING, asked, now);
        listed(tenant, view.running(), Place.RUNNING, asked, now);
        Set<String> shown = new HashSet<>();
        view.pending().forEach(job -> shown.add(job.promptId()));
        view.running().forEach(job -> shown.add(job.promptId()));
        expect(
                shown.size() == view.pending().size() + view.running().size(),
                "a job stands once in the queue: " + shown);
        for (JobKey key : truth.allAlways(tenant, LIVING, asked, now)) {
            expect(
                    shown.contains(key.promptId()) || truth.wavers(key, asked, now),
                    "the queue shows " + key);
        }
        List<String> order =
                view.pending().stream()
                        .map(job -> new JobKey(tenant, job.promptId()))
                        .filter(key -> truth.always(key, List.of(Place.PENDING), asked, now))
                        .map(key -> truth.position(key, asked, now))
                        .toList();
        expect(order.equals(order.stream().sorted().toList()), "the queue is in order: " + order);
    }

    private void listed(String tenant, List<QueuedJob> jobs, Place place, long asked, long now) {
        for (QueuedJob job : jobs) {
            JobKey key = new JobKey(tenant, job.promptId());
            expect(truth.ever(key, place, asked, now), "it is " + place + ": " + key);
        }
    }

    private void remaining(Jobs jobs, String tenant) {
        long asked = truth.now();
        int remaining = jobs.queueRemaining(tenant);
        long now = truth.now();
        // a count may miss what goes back to the queue meanwhile
        long least =
                truth.allAlways(tenant, LIVING, asked, now).stream()
                        .filter(key ->
                                !truth.ever(key, Place.RUNNING, asked, now)
                                        || truth.always(key, List.of(Place.RUNNING), asked, now))
                        .count();
        long most =
                truth.known().stream()
                        .filter(key -> key.tenant().equals(tenant))
                        .filter(key ->
                                LIVING.stream()
                                        .anyMatch(place -> truth.ever(key, place, asked, now)))
                        .count();
        expect(
                remaining >= least && remaining <= most,
                "%d wait or run, not %d to %d".formatted(remaining, least, most));
    }

    private void history(Jobs jobs, String tenant) {
        long asked = truth.now();
        List<String> shown =
                jobs.history(tenant, -1, 0).stream()
                        .map(HistoryEntry::job)
                        .map(QueuedJob::promptId)
                        .toList();
        long now = truth.now();
        expect(shown.size() == Set.copyOf(shown).size(), "a job stands once in the history");
        for (String id : shown) {
            expect(
                    truth.ever(new JobKey(tenant, id), Place.ENDED, asked, now),
                    "it has ended: " + id);
        }
        for (JobKey key : truth.allAlways(tenant, List.of(Place.ENDED), asked, now)) {
            expect(shown.contains(key.promptId()), "the history shows " + key);
        }
    }

    private void runner() {
        Claims claims = ports().claims();
        String own = "runner-" + ids.get();
        while (true) {
            tickets.receive(Duration.ZERO);
            long asked = truth.now();
            Optional<Claim> claim = claims.claim(own);
            if (claim.isEmpty()) {
                scheduler.sleep(Duration.ofSeconds(1));
                continue;
            }
            inOrder(claim.get(), asked);
            work(claims, claim.get());
        }
    }

    /// Nothing that waited all the time before the job was taken goes before it.
    private void inOrder(Claim claim, long asked) {
        long taken = truth.since(claim.key(), Place.RUNNING);
        String position = truth.position(claim.key(), asked, taken - 1);
        for (JobKey key :
                truth.allAlways(claim.key().tenant(), List.of(Place.PENDING), asked, taken)) {
            expect(
                    position.isEmpty() || truth.position(key, asked, taken).compareTo(position) > 0,
                    key + " goes before " + claim.key());
        }
    }

    private void work(Claims claims, Claim claim) {
        if (!claims.start(claim)) {
            return;
        }
        expect(
                truth.always(
                        claim.key(),
                        List.of(Place.RUNNING),
                        truth.since(claim.key(), Place.RUNNING),
                        truth.now()),
                "what starts runs: " + claim.key());
        if (random.nextInt(12) == 0) {
            claims.giveBack(claim);
            return;
        }
        boolean stopped = false;
        for (int look = random.nextInt(5); look > 0 && !stopped; look--) {
            scheduler.sleep(Duration.ofMillis(300));
            long asked = truth.now();
            stopped =
                    switch (claims.look(claim)) {
                        case Pulse.Held held -> held.cancelRequested();
                        case Pulse.Lost _ -> false;
                    };
            expect(
                    stopped || truth.stopAsked(claim.key()) >= asked,
                    "a stop is noticed: " + claim.key());
        }
        JobResult.End end = stopped ? JobResult.End.INTERRUPTED : JobResult.End.SUCCESS;
        expect(claims.finish(claim, SampleJobs.result(end)), "it ends here: " + claim.key());
    }

    private void reconciler() {
        while (true) {
            scheduler.sleep(Duration.ofSeconds(10));
            ports().reconcile().run();
        }
    }

    /// Once the clients are done, all that was accepted has to end.
    private void watch() {
        while (clientsLeft > 0) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        for (int second = 0; second < 3600 && busy(); second++) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        scheduler.stop();
    }

    private boolean busy() {
        return truth.known().stream().anyMatch(key -> !truth.isOver(key));
    }
}
