package comfyserverless.contract.job.simulation;

import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One task's view of the table: every call lets others pass, may be where the task's process
/// crashes, and may lose its answer (then the SDK asks again). Every change goes to the watcher.
final class SimulatedTable implements Table {
    private final InMemoryTable table;
    private final Scheduler scheduler;
    private final Random random;
    private final Watcher observer;
    private final Mutation mutation;
    private final Faults faults;

    /// How often things go wrong, in thousandths; shared, so that they can be switched off.
    static final class Faults {
        int crashes = 8;
        int lostAnswers = 50;
    }

    /// The end of a process.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("crashed", null, false, false);
        }
    }

    SimulatedTable(
            InMemoryTable table,
            Scheduler scheduler,
            Random random,
            Watcher observer,
            Mutation mutation,
            Faults faults) {
        this.table = table;
        this.scheduler = scheduler;
        this.random = random;
        this.observer = observer;
        this.mutation = mutation;
        this.faults = faults;
    }

    private void pass() {
        scheduler.letOthers();
        if (random.nextInt(1000) < faults.crashes) {
            throw new Crash();
        }
    }

    @Override
    public Optional<Item> get(Key key) {
        pass();
        Optional<Item> item = table.get(key);
        boolean blind =
                mutation == Mutation.NO_RECHECK_AFTER_CLAIM && key.partition().startsWith("T#");
        return blind ? item.map(SimulatedTable::unmarked) : item;
    }

    private static Item unmarked(Item tenant) {
        Map<String, Value> values = new HashMap<>(tenant.values());
        values.remove("clearSeq");
        return new Item(tenant.key(), values);
    }

    @Override
    public Map<Key, Item> getAll(Collection<Key> keys) {
        pass();
        return table.getAll(keys);
    }

    @Override
    public Page query(Query query) {
        pass();
        return table.query(query);
    }

    @Override
    public int count(Query query) {
        pass();
        boolean blind = mutation == Mutation.RETIRES_OWING && query.index() == Index.DUE;
        return blind ? 0 : table.count(query);
    }

    @Override
    public void scan(Consumer<Item> each) {
        pass();
        table.scan(each);
    }

    @Override
    public Outcome write(Write write) {
        pass();
        List<Write> parts = mutated(write);
        Outcome outcome = execute(parts.getFirst());
        for (Write part : parts.subList(1, parts.size())) {
            if (outcome.done()) {
                pass();
                outcome = execute(part);
            }
        }
        if (random.nextInt(1000) < faults.lostAnswers) {
            scheduler.letOthers();
            outcome = execute(parts.getLast());
        }
        if (random.nextInt(1000) < faults.crashes) {
            throw new Crash();
        }
        return outcome;
    }

    private Outcome execute(Write write) {
        Item before = table.found(write.key());
        boolean holds = write.condition().holds(before);
        Outcome outcome = table.write(write);
        if (holds && outcome instanceof Outcome.Done done) {
            observer.changed(before, done.item());
        }
        boolean repeated = outcome.done() && !holds;
        return repeated && mutation == Mutation.NO_OPERATION_IDS
                ? new Outcome.Refused(before)
                : outcome;
    }

    @Override
    public boolean transact(List<Write> writes) {
        pass();
        List<Write> parts = writes.stream().flatMap(part -> mutated(part).stream()).toList();
        List<@Nullable Item> before = new ArrayList<>();
        parts.forEach(part -> before.add(table.found(part.key())));
        boolean done = table.transact(parts);
        for (int i = 0; done && i < parts.size(); i++) {
            observer.changed(before.get(i), table.found(parts.get(i).key()));
        }
        boolean lost = done && random.nextInt(1000) < faults.lostAnswers;
        if (lost) {
            scheduler.letOthers();
        }
        if (random.nextInt(1000) < faults.crashes) {
            throw new Crash();
        }
        // Asked again the SDK shows its token, by which the store knows that it did it.
        return done && !(lost && mutation == Mutation.NO_OPERATION_IDS);
    }

    /// One step, unless the mutation makes several writes of the put.
    @Override
    public Outcome putWith(Write.Put put, List<Write> others) {
        List<Write> parts = mutated(put);
        Outcome outcome = Table.super.putWith((Write.Put) parts.getFirst(), kept(others));
        for (Write part : parts.subList(1, parts.size())) {
            if (outcome.done()) {
                outcome = write(part);
            }
        }
        return outcome;
    }

    private List<Write> kept(List<Write> beside) {
        return mutation == Mutation.REUSE_DROPS_DUE
                ? beside.stream().filter(write -> !write.key().sort().startsWith("W#")).toList()
                : beside;
    }

    private List<Write> mutated(Write write) {
        boolean job = write.key().partition().startsWith("Q#");
        return switch (mutation) {
            case NO_FENCING -> List.of(job ? loosened(write, "fence", "own") : write);
            case STALE_EXPIRY -> List.of(job ? loosened(write, "lease") : write);
            case RETURN_IGNORES_CANCEL -> List.of(job ? loosened(write, "cancel") : write);
            case UNCHECKED_OUTPUT ->
                    List.of(
                            job && write instanceof Write.Check
                                    ? new Write.Check(write.key(), Condition.always())
                                    : write);
            case RETURN_IGNORES_CLEAR ->
                    write.key().partition().startsWith("T#") && write instanceof Write.Check
                            ? List.of(new Write.Check(write.key(), Condition.always()))
                            : List.of(write);
            case SPLIT_CLAIM -> job ? split(write, "run") : List.of(write);
            case SPLIT_ENQUEUE -> job ? splitPut(write) : List.of(write);
            case FENCE_RESTARTS -> List.of(job ? restarted(write) : write);
            case NO_DUE_MARK -> List.of(job ? unmarked(write) : write);
            case NONE,
                    NO_RECHECK_AFTER_CLAIM,
                    NO_RECONCILER,
                    NO_OPERATION_IDS,
                    REUSE_DROPS_DUE,
                    RETIRES_OWING ->
                    List.of(write);
        };
    }

    private static Write unmarked(Write write) {
        if (!(write instanceof Write.Update update)) {
            return write;
        }
        List<Change> rest =
                update.changes().stream()
                        .filter(change ->
                                !(change instanceof Change.Set set && set.name().equals("more")))
                        .toList();
        return new Write.Update(update.key(), update.condition(), rest, update.operation());
    }

    private static Write loosened(Write write, String... names) {
        Condition condition = without(write.condition(), List.of(names));
        return switch (write) {
            case Write.Update update ->
                    new Write.Update(update.key(), condition, update.changes(), update.operation());
            case Write.Check check -> new Write.Check(check.key(), condition);
            case Write.Put put -> put;
            case Write.Delete delete -> delete;
        };
    }

    private static Condition without(Condition condition, List<String> names) {
        return switch (condition) {
            case Condition.All all ->
                    new Condition.All(
                            all.parts().stream().map(part -> without(part, names)).toList());
            case Condition.Is is when names.contains(is.name()) -> Condition.present();
            case Condition.Lacks lacks when names.contains(lacks.name()) -> Condition.present();
            default -> condition;
        };
    }

    /// The first change of `name` becomes a write of its own.
    private static List<Write> split(Write write, String name) {
        if (!(write instanceof Write.Update update)
                || !(update.condition() instanceof Condition.All)) {
            return List.of(write);
        }
        List<Change> rest = new ArrayList<>(update.changes());
        Optional<Change> one =
                rest.stream()
                        .filter(change ->
                                change instanceof Change.Set set && set.name().equals(name))
                        .findFirst();
        if (one.isEmpty()) {
            return List.of(write);
        }
        rest.remove(one.get());
        return List.of(
                new Write.Update(update.key(), update.condition(), rest, update.operation()),
                new Write.Update(
                        update.key(), Condition.present(), List.of(one.get()), update.operation()));
    }

    private static List<Write> splitPut(Write write) {
        if (!(write instanceof Write.Put put) || !put.item().has("pos")) {
            return List.of(write);
        }
        Map<String, Value> values = new HashMap<>(put.item().values());
        values.remove("pos");
        return List.of(
                new Write.Put(new Item(put.key(), values), put.condition(), put.operation()),
                new Write.Update(
                        put.key(),
                        Condition.present(),
                        List.of(Change.set("pos", put.item().text("pos"))),
                        put.operation()));
    }

    private static Write restarted(Write write) {
        return write instanceof Write.Put put
                ? new Write.Put(put.item().with("fence", 0), put.condition(), put.operation())
                : write;
    }
}
