package comfyserverless.contract.job.simulation;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Meter;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.Enqueued;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.job.Turn;
import comfyserverless.contract.table.Table;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Limited tenants, whose limits change, on the real protocol over a map, under one seed: clients that repeat
/// calls without an answer, runners, a reconciler.
final class LimitsSimulation {
    private static final int RUNNERS = 3;
    private static final int CLIENTS = 3;
    private static final int ACTIONS = 24;
    private static final int CHANGES = 12;
    private static final int MOST_STEPS = 30_000;
    private static final long MANY = 6;
    private static final List<String> TENANTS = List.of("a", "b", "c");
    static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration RECONCILE = Duration.ofSeconds(5);

    /// Six rounds of the reconciler: each may be slow, and its ticket may find another race.
    private static final Duration LONGEST_WAIT = RECONCILE.multipliedBy(6);

    private final Random random;
    private final LimitFault fault;

    /// The last minute of a month.
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T23:59:00Z"));

    private final InMemoryTable table = new InMemoryTable(clock);
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryTickets tickets = new InMemoryTickets(clock);
    private final CountingIds ids = new CountingIds();
    private final SimulatedTable.Faults faults = new SimulatedTable.Faults();
    private final Scheduler scheduler;
    private final LimitsObserver observer;
    private final LimitedTable.World world;
    private final Map<String, Instant> couldRun = new HashMap<>();
    private final List<LimitedRunner> runners = new ArrayList<>();
    private int prompts;
    private int busyTasks = CLIENTS + 1;

    private LimitsSimulation(long seed, LimitFault fault) {
        this.random = new Random(seed);
        this.fault = fault;
        this.scheduler = new Scheduler(random, clock);
        this.observer = new LimitsObserver(table);
        this.world = new LimitedTable.World(random, clock, faults, fault, new HashMap<>());
    }

    /// The violations under this seed.
    static List<String> violations(long seed, LimitFault fault) {
        return new LimitsSimulation(seed, fault).run();
    }

    private List<String> run() {
        for (int client = 0; client < CLIENTS; client++) {
            scheduler.spawn(this::client);
        }
        scheduler.spawn(this::owner);
        for (int runner = 0; runner < RUNNERS; runner++) {
            runners.add(new LimitedRunner(world, this::ports, tickets, scheduler, observer, ids));
        }
        runners.forEach(runner -> scheduler.spawn(runner::run));
        if (fault != LimitFault.NO_RECONCILER) {
            scheduler.spawn(this::reconciler);
        }
        scheduler.spawn(this::watch);
        scheduler.run();
        TENANTS.forEach(this::settled);
        return observer.violations();
    }

    private Ports ports() {
        Table simulated =
                new SimulatedTable(table, scheduler, random, observer, Mutation.NONE, faults);
        return ports(new LimitedTable(simulated, world));
    }

    private Ports ports(Table view) {
        JobSettings standard = JobSettings.standard();
        JobSettings settings =
                new JobSettings(standard.pool(), LEASE, GRACE, standard.tombstone(), IDLE, true);
        return new Ports(
                new Ports.Stores(view, blobs, tickets),
                settings,
                new Ports.Chance(clock, ids, round -> scheduler.letOthers()));
    }

    private String anyTenant() {
        return TENANTS.get(random.nextInt(TENANTS.size()));
    }

    private void client() {
        Jobs jobs = ports().jobs();
        for (int action = 0; action < ACTIONS; action++) {
            try {
                act(jobs);
            } catch (SimulatedTable.Crash e) {
                jobs = ports().jobs();
            } catch (UncheckedIOException e) {
                scheduler.letOthers();
            }
        }
        busyTasks--;
    }

    private void act(Jobs jobs) {
        String tenant = anyTenant();
        JobKey key = new JobKey(tenant, "job-" + Math.max(0, prompts - random.nextInt(6)));
        switch (random.nextInt(16)) {
            case 0 -> jobs.deletePending(key);
            case 1 -> jobs.clearPending(tenant);
            case 2 -> jobs.interrupt(key);
            case 3 -> jobs.cancel(key);
            case 4, 5, 6 -> scheduler.sleep(Duration.ofSeconds(random.nextInt(10)));
            default -> send(jobs, tenant);
        }
    }

    /// As a client with an `Idempotency-Key` does it: again until there is an answer.
    private void send(Jobs jobs, String tenant) {
        JobKey key = new JobKey(tenant, "job-" + prompts++);
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                enqueue(jobs, SampleJobs.retryable(key, "hash"));
                return;
            } catch (UncheckedIOException e) {
                scheduler.letOthers();
            }
        }
    }

    private void enqueue(Jobs jobs, NewJob job) {
        String tenant = job.key().tenant();
        Day day = new Day(tenant);
        observer.comes(tenant, job.key().promptId());
        Turn turn = jobs.nextTurn(tenant, true);
        Enqueued enqueued = jobs.enqueue(job, turn);
        day.check(enqueued);
        // The function may crash before it sends.
        if (enqueued instanceof Enqueued.Accepted && random.nextInt(10) > 0) {
            tickets.send();
        }
    }

    /// What a tenant had used of its day when a prompt came.
    private final class Day {
        private final String tenant;
        private final long since = observer.time();
        private final LocalDate date = today();
        private final Duration used;

        Day(String tenant) {
            this.tenant = tenant;
            this.used = used();
        }

        private LocalDate today() {
            return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        }

        private Duration used() {
            return table.get(TenantItem.key(tenant))
                    .map(item -> Meter.usedToday(item, clock.instant()))
                    .orElse(Duration.ZERO);
        }

        void check(Enqueued enqueued) {
            if (!date.equals(today())) {
                return;
            }
            long most = observer.most(tenant, LimitsObserver.GPU, since);
            long least = observer.least(tenant, LimitsObserver.GPU, since);
            if (enqueued instanceof Enqueued.Accepted && used.toSeconds() >= most) {
                observer.violated("nothing is let in once the day is used up", used);
            }
            boolean refused =
                    enqueued instanceof Enqueued.Limited limited
                            && limited.reached().limit() == Limit.GPU_SECONDS;
            if (refused && used().toSeconds() < least) {
                observer.violated("who has time left is let in", used());
            }
        }
    }

    /// Changes limits.
    private void owner() {
        String tenant = anyTenant();
        for (int change = 0; change < CHANGES; change++) {
            tenant = random.nextBoolean() ? tenant : anyTenant();
            try {
                limit(tenant);
                scheduler.sleep(Duration.ofSeconds(random.nextInt(6)));
            } catch (SimulatedTable.Crash | UncheckedIOException e) {
                scheduler.letOthers();
            }
        }
        busyTasks--;
    }

    private void limit(String tenant) {
        Map<Limit, Long> values = new EnumMap<>(Limit.class);
        EnumSet<Limit> lifted = EnumSet.noneOf(Limit.class);
        values.put(Limit.PENDING, (long) random.nextInt(5));
        values.put(Limit.RUNNING, (long) random.nextInt(3));
        values.put(Limit.GPU_SECONDS, (long) random.nextInt(60));
        for (Limit limit : List.copyOf(values.keySet())) {
            if (random.nextInt(limit == Limit.RUNNING ? 4 : 2) == 0) {
                lifted.add(limit);
                values.remove(limit);
            }
        }
        ports().accounts().limit(tenant, new Limits(values), lifted);
    }

    private void reconciler() {
        while (true) {
            scheduler.sleep(RECONCILE);
            try {
                ports().reconcile().run();
            } catch (SimulatedTable.Crash | UncheckedIOException e) {
                scheduler.letOthers();
            }
        }
    }

    /// Once clients and owner are done nothing more goes wrong and each tenant may run something; then no job
    /// waits longer than it must.
    private void watch() {
        while (busyTasks > 0) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        faults.crashes = 0;
        faults.lostAnswers = 0;
        for (String tenant : TENANTS) {
            if (observer.most(tenant, LimitsObserver.RUNNING, observer.time()) == 0) {
                ports().accounts()
                        .limit(tenant, Limits.parse("running=1"), EnumSet.noneOf(Limit.class));
            }
        }
        while (scheduler.steps() < MOST_STEPS && TENANTS.stream().anyMatch(this::hasWork)) {
            TENANTS.forEach(this::lookForWaste);
            scheduler.sleep(Duration.ofSeconds(1));
        }
        scheduler.stop();
    }

    private boolean hasWork(String tenant) {
        return !observer.pending(tenant).isEmpty() || !observer.jobs(tenant, "R").isEmpty();
    }

    private void lookForWaste(String tenant) {
        long most = observer.most(tenant, LimitsObserver.RUNNING, observer.time());
        boolean could =
                !runners.stream().allMatch(LimitedRunner::isBusy)
                        && !observer.pending(tenant).isEmpty()
                        && observer.jobs(tenant, "R").size() < most;
        if (!could) {
            couldRun.remove(tenant);
            return;
        }
        Instant since = couldRun.computeIfAbsent(tenant, _ -> clock.instant());
        if (since.plus(LONGEST_WAIT).isBefore(clock.instant())) {
            observer.violated("who may run does not wait", observer.pending(tenant));
        }
    }

    /// All is quiet: nothing is left, what the month says is what the jobs say, and there is room for as many as may
    /// wait.
    private void settled(String tenant) {
        if (hasWork(tenant)) {
            observer.violated("every job ends", observer.pending(tenant));
        }
        Ports plain = ports(new LimitedTable(table, world));
        List<HistoryEntry> history = plain.jobs().history(tenant, -1, -1);
        List<Usage> usage = plain.accounts().usage(tenant);
        long jobs = usage.stream().mapToLong(Usage::jobs).sum();
        if (jobs != observer.ended(tenant) || jobs != history.size()) {
            observer.violated(
                    "each end counts once",
                    usage + ", " + observer.ended(tenant) + " ends, " + history.size() + " shown");
        }
        long shown = history.stream().mapToLong(entry -> entry.gpu().toMillis()).sum();
        long counted = usage.stream().mapToLong(month -> month.gpu().toMillis()).sum();
        if (shown != counted) {
            observer.violated("the months say what the jobs say", counted + ", not " + shown);
        }
        roomIsRight(plain, tenant);
    }

    /// As many get in as may; what is deleted and what is cleared makes room again.
    private void roomIsRight(Ports quiet, String tenant) {
        quiet.accounts().limit(tenant, Limits.none(), EnumSet.of(Limit.GPU_SECONDS));
        long most =
                table.get(TenantItem.key(tenant))
                        .map(TenantItem::limits)
                        .orElse(Limits.none())
                        .find(Limit.PENDING)
                        .orElse(MANY);
        isRoomFor(quiet, tenant, Math.min(most, MANY));
        observer.pending(tenant).stream()
                .limit(1)
                .map(job -> job.key().sort().substring("J#".length()))
                .forEach(job -> quiet.jobs().deletePending(new JobKey(tenant, job)));
        isRoomFor(quiet, tenant, most == MANY ? MANY : Math.min(most, 1));
        quiet.jobs().clearPending(tenant);
        isRoomFor(quiet, tenant, Math.min(most, MANY));
    }

    private void isRoomFor(Ports quiet, String tenant, long expected) {
        int accepted = 0;
        for (int prompt = 0; prompt < MANY; prompt++) {
            NewJob job = SampleJobs.job(new JobKey(tenant, "last-" + prompts++), 1);
            Turn turn = quiet.jobs().nextTurn(tenant, true);
            accepted += quiet.jobs().enqueue(job, turn) instanceof Enqueued.Accepted ? 1 : 0;
        }
        if (accepted != expected) {
            observer.violated(
                    "there is room for as many as may wait",
                    tenant + " had room for " + accepted + ", not " + expected);
        }
    }
}
