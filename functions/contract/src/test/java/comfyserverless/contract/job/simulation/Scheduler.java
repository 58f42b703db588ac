package comfyserverless.contract.job.simulation;

import comfyserverless.contract.fake.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs tasks one at a time, switching between them only where they [#letOthers], in an order that a seed
/// decides; time passes on a virtual clock.
final class Scheduler {
    private final Random random;
    private final ManualClock clock;
    private final List<Task> tasks = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Task running;
    private volatile @Nullable Throwable failure;
    private volatile boolean stopping;
    private int steps;

    Scheduler(Random random, ManualClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /// Ends a task that has nothing more to do.
    static final class Stop extends Error {
        private static final long serialVersionUID = 1;

        Stop() {
            super("stopped", null, false, false);
        }
    }

    private static final class Task {
        private final Thread thread;
        private Instant wake = Instant.MIN;
        private boolean done;

        Task(Thread thread) {
            this.thread = thread;
        }
    }

    /// Only before [#run].
    void spawn(Runnable body) {
        Task[] self = new Task[1];
        Thread thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            await(self[0]);
                            try {
                                body.run();
                            } catch (Stop e) {
                                // asked for
                            } catch (Throwable e) {
                                failure = e;
                                stopping = true;
                            }
                            self[0].done = true;
                            next();
                        });
        self[0] = new Task(thread);
        tasks.add(self[0]);
    }

    /// Until every task has ended.
    void run() {
        tasks.forEach(task -> task.thread.start());
        next();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("a task failed", thrown);
        }
    }

    /// Ends all tasks at their next turn.
    void stop() {
        stopping = true;
    }

    int steps() {
        return steps;
    }

    /// Lets a little time and perhaps some other tasks pass.
    void letOthers() {
        pass(Duration.ZERO);
    }

    void sleep(Duration time) {
        pass(time);
    }

    private void pass(Duration time) {
        Task self = current();
        steps++;
        clock.advance(Duration.ofMillis(random.nextInt(100) == 0 ? 2000 : random.nextInt(60)));
        self.wake = clock.instant().plus(time);
        next();
        await(self);
        if (stopping) {
            throw new Stop();
        }
    }

    private Task current() {
        Task task = running;
        if (task == null) {
            throw new IllegalStateException("no task runs");
        }
        return task;
    }

    private void await(Task self) {
        while (running != self) {
            LockSupport.park(this);
        }
    }

    private void next() {
        Task chosen = choose();
        running = chosen;
        if (chosen == null) {
            over.countDown();
        } else {
            LockSupport.unpark(chosen.thread);
        }
    }

    private @Nullable Task choose() {
        List<Task> ready = new ArrayList<>();
        Task earliest = null;
        Instant now = clock.instant();
        for (Task task : tasks) {
            if (!task.done) {
                if (stopping || !task.wake.isAfter(now)) {
                    ready.add(task);
                }
                if (earliest == null || task.wake.isBefore(earliest.wake)) {
                    earliest = task;
                }
            }
        }
        if (!ready.isEmpty()) {
            return ready.get(random.nextInt(ready.size()));
        }
        if (earliest != null) {
            clock.advance(Duration.between(now, earliest.wake));
        }
        return earliest;
    }
}
