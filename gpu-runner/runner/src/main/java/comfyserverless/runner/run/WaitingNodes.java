package comfyserverless.runner.run;

import comfyserverless.runner.run.NodeCalls.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The asynchronous nodes of a run that are at work, each call on a thread of its own, while the run goes
/// on. Used by the thread of the run.
final class WaitingNodes implements AutoCloseable {
    /// A call that computes longer than this without waiting counts as one that waits.
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long GLANCE = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

    private final Map<String, List<FutureTask<Answer>>> nodes = new LinkedHashMap<>();
    private final LinkedBlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /// Begins a node's calls; true if they are over before any of them waited, or one of them has failed so.
    boolean begin(String id, List<? extends Callable<Answer>> calls) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(calls.size());
        CountDownLatch over = new CountDownLatch(1);
        List<FutureTask<Answer>> tasks = new ArrayList<>();
        List<Thread> begun = new ArrayList<>();
        for (Callable<Answer> call : calls) {
            FutureTask<Answer> task = new FutureTask<>(call);
            tasks.add(task);
            begun.add(
                    Thread.ofVirtual()
                            .name("node-" + id)
                            .start(() -> {
                                task.run();
                                if (left.decrementAndGet() == 0) {
                                    done.add(id);
                                    over.countDown();
                                } else if (task.state() == Future.State.FAILED) {
                                    over.countDown();
                                }
                            }));
        }
        nodes.put(id, tasks);
        threads.addAll(begun);
        boolean soon = isSoonOver(over, begun);
        if (soon) {
            done.remove(id);
        }
        return soon;
    }

    /// Looks at what the threads do rather than at the time: on a busy machine a call that fails at once may take its
    /// time to do so.
    private static boolean isSoonOver(CountDownLatch over, List<Thread> calls)
            throws InterruptedException {
        long end = System.nanoTime() + SOON;
        while (!over.await(GLANCE, TimeUnit.NANOSECONDS)) {
            boolean computing =
                    calls.stream().map(Thread::getState).anyMatch(WaitingNodes::computes);
            if (!computing || System.nanoTime() - end >= 0) {
                return over.getCount() == 0;
            }
        }
        return true;
    }

    private static boolean computes(Thread.State state) {
        return switch (state) {
            case NEW, RUNNABLE, BLOCKED -> true;
            case WAITING, TIMED_WAITING, TERMINATED -> false;
        };
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    /// The node that was begun first of those at work.
    String first() {
        return nodes.keySet().iterator().next();
    }

    /// The next node that is over; null if none is now.
    @Nullable String poll() {
        return done.poll();
    }

    /// Waits for a node to be over.
    String take(StopSignal stop) throws InterruptedException {
        while (true) {
            String id = done.poll(LOOK, TimeUnit.NANOSECONDS);
            if (id != null) {
                return id;
            }
            stop.check();
        }
    }

    /// What a node's calls answered, which are over or of which one has failed; null if it was never begun.
    ///
    /// @throws Exception what the first call that failed threw
    @Nullable List<Answer> answers(String id) throws Exception {
        List<FutureTask<Answer>> tasks = nodes.remove(id);
        if (tasks == null) {
            return null;
        }
        for (FutureTask<Answer> task : tasks) {
            if (task.state() == Future.State.FAILED) {
                switch (task.exceptionNow()) {
                    case Exception cause -> throw cause;
                    case Error cause -> throw cause;
                    default -> throw new ExecutionException(task.exceptionNow());
                }
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (FutureTask<Answer> task : tasks) {
            answers.add(task.get());
        }
        return answers;
    }

    /// Interrupts what is still at work.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
