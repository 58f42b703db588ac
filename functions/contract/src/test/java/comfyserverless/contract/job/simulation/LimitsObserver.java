package comfyserverless.contract.job.simulation;

import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.table.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches the changes of a table with limited tenants and writes down which limit was broken and what was
/// counted wrongly.
final class LimitsObserver implements Watcher {
    static final String PENDING = "maxPending";
    static final String RUNNING = "maxRunning";
    static final String GPU = "maxGpu";

    private static final Set<String> ENDED = Set.of("S", "E", "I");

    private final InMemoryTable table;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, List<Held>> limits = new HashMap<>();

    /// When the turn of a prompt was begun, by its job's key.
    private final Map<String, Long> turns = new HashMap<>();

    /// The jobs that were let in though a limit held, since theirs was another when their turns were drawn.
    private final Set<String> late = new HashSet<>();

    /// Those that runners were told they have.
    private final Set<String> told = new HashSet<>();

    private final Map<String, Integer> ends = new HashMap<>();
    private @Nullable Item accepted;
    private long time;

    /// The limits of a tenant from a moment on.
    private record Held(long from, Map<String, Long> values) {}

    LimitsObserver(InMemoryTable table) {
        this.table = table;
    }

    List<String> violations() {
        return violations;
    }

    void violated(String rule, Object what) {
        violations.add(rule + ": " + what);
    }

    /// The moment, in changes of the table.
    long time() {
        return time;
    }

    /// A prompt is about to draw its turn.
    void comes(String tenant, String promptId) {
        turns.put(name(tenant, promptId), time);
    }

    private static String name(String tenant, String promptId) {
        return "Q#" + tenant + "/J#" + promptId;
    }

    private static String name(Item job) {
        return job.key().partition() + "/" + job.key().sort();
    }

    /// The most that a limit allowed since then.
    long most(String tenant, String limit, long since) {
        return held(tenant, since).stream()
                .mapToLong(values -> values.getOrDefault(limit, Long.MAX_VALUE))
                .max()
                .orElse(Long.MAX_VALUE);
    }

    /// The least that a limit allowed since then.
    long least(String tenant, String limit, long since) {
        return held(tenant, since).stream()
                .mapToLong(values -> values.getOrDefault(limit, Long.MAX_VALUE))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private List<Map<String, Long>> held(String tenant, long since) {
        List<Map<String, Long>> held = new ArrayList<>();
        Map<String, Long> before = Map.of();
        for (Held one : limits.getOrDefault(tenant, List.of())) {
            if (one.from() > since) {
                held.add(one.values());
            } else {
                before = one.values();
            }
        }
        held.add(before);
        return held;
    }

    @Override
    public void changed(@Nullable Item before, @Nullable Item after) {
        time++;
        if (after == null) {
            return;
        }
        String partition = after.key().partition();
        if (partition.startsWith("Q#") && after.key().sort().startsWith("J#")) {
            jobChanged(before, after);
        } else if (partition.startsWith("T#")) {
            String tenant = partition.substring("T#".length());
            if (after.key().sort().equals("0")) {
                tenantChanged(tenant, after);
            } else if (before != null && isTaken(before, after)) {
                tookRoom(tenant);
            }
        }
    }

    /// Not counted anew.
    private static boolean isTaken(Item before, Item after) {
        return before.wholeOr("until", 0) == after.wholeOr("until", 0)
                && before.wholeOr("n", 0) < after.wholeOr("n", 0);
    }

    private void jobChanged(@Nullable Item before, Item after) {
        if (before == null) {
            accepted = after;
            late.add(name(after));
            return;
        }
        String was = before.text("st");
        String is = after.text("st");
        if (was.equals("R") && !is.equals("R")) {
            told.remove(name(after));
        }
        if (ENDED.contains(is) && !was.equals(is)) {
            ends.merge(after.key().partition().substring("Q#".length()), 1, Integer::sum);
        }
    }

    private void tenantChanged(String tenant, Item item) {
        Map<String, Long> values = new HashMap<>();
        for (String name : List.of(PENDING, RUNNING, GPU)) {
            if (item.has(name)) {
                values.put(name, item.whole(name));
            }
        }
        List<Held> held = limits.computeIfAbsent(tenant, _ -> new ArrayList<>());
        if (held.isEmpty() || !held.getLast().values().equals(values)) {
            boolean wasFree = held.isEmpty() || !held.getLast().values().containsKey(PENDING);
            held.add(new Held(time, Map.copyOf(values)));
            if (wasFree && values.containsKey(PENDING)) {
                late.removeIf(name -> name.startsWith("Q#" + tenant + "/"));
            }
        }
        if (counted(item) != ends.getOrDefault(tenant, 0)) {
            violated("each end counts once", item + " after " + ends.get(tenant) + " ends");
        }
    }

    /// How many jobs the months' numbers say.
    static long counted(Item tenant) {
        return tenant.values().keySet().stream()
                .filter(name -> name.startsWith("jobs"))
                .mapToLong(tenant::whole)
                .sum();
    }

    /// The job that was written by the same transaction counted itself.
    private void tookRoom(String tenant) {
        Item job = accepted;
        if (job == null) {
            throw new IllegalStateException("room was taken for no job");
        }
        late.remove(name(job));
        long waiting =
                pending(tenant).stream()
                        .filter(other -> other.whole("fence") == 0 && !late.contains(name(other)))
                        .count();
        if (waiting > most(tenant, PENDING, turns.getOrDefault(name(job), 0L))) {
            violated("no more wait than may", waiting + " with " + job);
        }
    }

    /// The jobs that wait beyond the tenant's mark.
    List<Item> pending(String tenant) {
        long mark =
                table.items().stream()
                        .filter(item -> item.key().partition().equals("T#" + tenant))
                        .mapToLong(item -> item.wholeOr("clearSeq", 0))
                        .max()
                        .orElse(0);
        return jobs(tenant, "P").stream().filter(job -> job.whole("seq") > mark).toList();
    }

    List<Item> jobs(String tenant, String state) {
        return table.items().stream()
                .filter(item -> item.key().partition().equals("Q#" + tenant))
                .filter(item -> item.key().sort().startsWith("J#"))
                .filter(item -> item.text("st").equals(state))
                .toList();
    }

    /// A runner was told that it has a job, for which it had begun to ask then.
    void claimed(Claim claim, long since) {
        String tenant = claim.key().tenant();
        told.add(name(tenant, claim.key().promptId()));
        long running = jobs(tenant, "R").stream().filter(job -> told.contains(name(job))).count();
        if (running > most(tenant, RUNNING, since)) {
            violated("no more run than may", running + " with " + claim.key());
        }
    }

    /// A runner was told that its job did not end by it.
    void notFinished(Claim claim) {
        String name = name(claim.key().tenant(), claim.key().promptId());
        table.items().stream()
                .filter(item -> name(item).equals(name))
                .filter(job -> ENDED.contains(job.text("st")))
                .filter(job -> job.whole("fence") == claim.fence())
                .forEach(job -> violated("an end that happened is known to have happened", job));
    }

    int ended(String tenant) {
        return ends.getOrDefault(tenant, 0);
    }
}
