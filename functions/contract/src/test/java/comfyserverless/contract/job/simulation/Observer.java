package comfyserverless.contract.job.simulation;

import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.table.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches every change of the table and every answer, and writes down which invariant of the
/// protocol it broke.
final class Observer implements Watcher {
    private static final Set<String> ENDED = Set.of("S", "E", "I");

    private final ManualClock clock;
    private final List<String> violations = new ArrayList<>();

    /// The accepted jobs that still live or ended, by item key; reuse of an id begins a new life.
    private final Map<String, Life> lives = new HashMap<>();

    private final List<Life> all = new ArrayList<>();

    /// The clear mark of each tenant: an acceptance that a clear overtook counts as before it.
    private final Map<String, Long> marks = new HashMap<>();

    private final SimulatedWebhooks webhooks;

    /// How many jobs each task has deleted.
    private final Map<Thread, Integer> deletions = new HashMap<>();

    Observer(ManualClock clock, SimulatedWebhooks webhooks) {
        this.clock = clock;
        this.webhooks = webhooks;
    }

    /// One accepted job, from its acceptance to its end.
    static final class Life {
        private final String name;
        private final Set<Long> fencesClaimed = new HashSet<>();
        private boolean cleared;
        private boolean deleted;
        private int ends;
        private int runnersFinished;

        private Life(String name) {
            this.name = name;
        }
    }

    List<String> violations() {
        return violations;
    }

    private void violated(String rule, Item item) {
        violations.add(rule + ": " + item);
    }

    @Override
    public void changed(@Nullable Item before, @Nullable Item after) {
        webhooks.changed(before, after);
        if (after == null) {
            return;
        }
        String partition = after.key().partition();
        if (isJob(after)) {
            jobChanged(before, after);
        } else if (partition.startsWith("T#")) {
            markMoved(before, after);
        } else if (partition.startsWith("F#") && after.has("promptId")) {
            fileWritten(after);
        }
    }

    /// Beside jobs there are webhooks of jobs whose ids were used again.
    private static boolean isJob(Item item) {
        return item.key().partition().startsWith("Q#") && item.key().sort().startsWith("J#");
    }

    private void jobChanged(@Nullable Item before, Item after) {
        String is = after.text("st");
        if (after.has("pos") != is.equals("P")) {
            violated("1 pos if and only if pending", after);
        }
        if (after.has("run") != is.equals("R")) {
            violated("2 run if and only if running", after);
        }
        if (after.has("his") && !ENDED.contains(is)) {
            violated("his only once ended", after);
        }
        if (before == null) {
            begin(after);
        } else {
            moved(before, after);
        }
    }

    private void begin(Item item) {
        Life life = new Life(item.key() + "@" + item.whole("fence"));
        String tenant = item.key().partition().substring(2);
        life.cleared = item.whole("seq") <= marks.getOrDefault(tenant, 0L);
        lives.put(item.key().sort() + item.key().partition(), life);
        all.add(life);
    }

    private Life life(Item item) {
        Life life = lives.get(item.key().sort() + item.key().partition());
        if (life == null) {
            throw new IllegalStateException("an unknown job " + item);
        }
        return life;
    }

    private void moved(Item before, Item after) {
        String was = before.text("st");
        String is = after.text("st");
        long fence = after.whole("fence");
        boolean same = was.equals(is);
        if (fence < before.whole("fence")) {
            violated("the fence never falls", after);
        }
        boolean terminal = ENDED.contains(was) || was.equals("D");
        if (terminal && is.equals("P")) {
            if (fence <= before.whole("fence")) {
                violated("the fence rises when an id is used again", after);
            }
            begin(after);
            return;
        }
        if (terminal && !same) {
            violated("3 terminal is absorbing", after);
        }
        if (same) {
            return;
        }
        Life life = life(after);
        if (is.equals("R") && !life.fencesClaimed.add(fence)) {
            violated("a fence is claimed once", after);
        }
        if (was.equals("R") && is.equals("P")) {
            returned(before, after);
        }
        if (is.equals("D")) {
            vanished(life, before, after);
        }
        if (ENDED.contains(is)) {
            life.ends++;
            if (life.ends > 1) {
                violated("4 at most one end", after);
            }
            if (!was.equals("R")) {
                violated("only a running job ends", after);
            }
        }
    }

    private void returned(Item before, Item after) {
        if (before.has("cancel")) {
            violated("a stop that was asked for is not forgotten", after);
        }
        String tenant = after.key().partition().substring(2);
        if (after.whole("seq") <= marks.getOrDefault(tenant, 0L)) {
            life(after).cleared = true;
            if (before.has("started")) {
                violated("a clear spares what runs", after);
            }
        }
        boolean lost = after.wholeOr("tries", 0) > before.wholeOr("tries", 0);
        if (lost && Instant.ofEpochMilli(before.whole("lease")).isAfter(clock.instant())) {
            violated("a job is taken away only once its lease has ended", after);
        }
        if (after.whole("fence") == before.whole("fence")) {
            violated("the fence rises when a job returns", after);
        }
    }

    private void vanished(Life life, Item before, Item after) {
        life.deleted = true;
        if (!after.has("swept")) {
            deletions.merge(Thread.currentThread(), 1, Integer::sum);
        }
        if (before.has("started")) {
            violated("a started job does not vanish", after);
        }
        if (after.has("swept") && !life.cleared && before.text("st").equals("P")) {
            violated("only what was cleared is swept", after);
        }
    }

    private final Map<String, Item> jobs = new HashMap<>();

    /// The table's jobs as they are now; asked for when a mark moves.
    void look(List<Item> items) {
        jobs.clear();
        for (Item item : items) {
            if (isJob(item)) {
                jobs.put(item.key().toString(), item);
            }
        }
    }

    private @Nullable Runnable refresh;

    void refreshWith(Runnable lookAgain) {
        this.refresh = lookAgain;
    }

    private void markMoved(@Nullable Item before, Item after) {
        long old = before == null ? 0 : before.wholeOr("clearSeq", 0);
        long mark = after.wholeOr("clearSeq", 0);
        if (mark == old) {
            return;
        }
        if (mark < old) {
            violated("a mark only rises", after);
        }
        marks.put(after.key().partition().substring(2), mark);
        if (refresh != null) {
            refresh.run();
        }
        String queue = "Q#" + after.key().partition().substring(2);
        for (Item job : jobs.values()) {
            if (job.key().partition().equals(queue)
                    && job.text("st").equals("P")
                    && job.whole("seq") <= mark) {
                life(job).cleared = true;
            }
        }
    }

    private void fileWritten(Item file) {
        if (refresh != null) {
            refresh.run();
        }
        for (Item job : jobs.values()) {
            if (job.key().sort().equals("J#" + file.text("promptId"))
                    && file.key().partition().startsWith("F#" + job.key().partition().substring(2))
                    && (!job.text("st").equals("R") || job.whole("fence") != file.whole("fence"))) {
                violated("5 a file carries the current fence", file);
            }
        }
    }

    /// A runner was told that it may begin; what it has begun.
    Life started(Item job) {
        Life life = life(job);
        if (life.cleared) {
            violated("8 a cleared job does not start", job);
        }
        return life;
    }

    /// How many waiting jobs the task that asks has deleted.
    int deletedByThis() {
        return deletions.getOrDefault(Thread.currentThread(), 0);
    }

    /// A client was told the wrong thing of a deletion.
    void wronglyTold(JobKey key) {
        violations.add("a deletion that happened is known to have happened: " + key);
    }

    /// A runner was told that its job ended by its write.
    void finished(Life life) {
        life.runnersFinished++;
        if (life.runnersFinished > 1) {
            violations.add("4 at most one finish: " + life.name);
        }
    }

    /// A runner was told that the job was no longer its own.
    void notFinished(@Nullable Item job, long fence, String own) {
        if (job != null
                && job.text("st").equals("S")
                && job.whole("fence") == fence
                && own.equals(job.textOrNull("own"))) {
            violated("a finish that happened is known to have happened", job);
        }
    }

    /// Nothing is left to do: every job must have ended, or have been taken out of the queue.
    void settled(List<Item> items) {
        look(items);
        for (Item job : jobs.values()) {
            String is = job.text("st");
            boolean hidden = is.equals("P") && life(job).cleared;
            if (!hidden && (is.equals("P") || is.equals("R"))) {
                violated("6 every job ends", job);
            }
        }
        for (Life life : all) {
            if (life.ends == 0 && !life.deleted && !life.cleared && !lives.containsValue(life)) {
                violations.add("6 a job was lost: " + life.name);
            }
        }
        violations.addAll(webhooks.violations());
    }
}
