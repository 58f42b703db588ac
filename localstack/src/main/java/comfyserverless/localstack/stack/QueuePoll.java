package comfyserverless.localstack.stack;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What an event source mapping does with a queue: receives from it again and again, and hands on what came, until it is
/// closed. After trouble it waits; what was received then shows again by itself.
final class QueuePoll implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(QueuePoll.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final String name;
    private final Duration afterTrouble;
    private final Thread thread;

    /// Where messages come from.
    ///
    /// @param <M> a message, several, or none
    @FunctionalInterface
    interface Source<M> {
        /// Waits so long for something to come.
        M receive(Duration wait) throws InterruptedException;
    }

    private <M> QueuePoll(
            String name, Source<M> source, Consumer<M> target, Duration afterTrouble) {
        this.name = name;
        this.afterTrouble = afterTrouble;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(source, target));
    }

    /// Begins.
    ///
    /// @param name what lies in the queue, in the plural
    static <M> QueuePoll start(String name, Source<M> source, Consumer<M> target) {
        return start(name, source, target, AFTER_TROUBLE);
    }

    static <M> QueuePoll start(
            String name, Source<M> source, Consumer<M> target, Duration afterTrouble) {
        QueuePoll poll = new QueuePoll(name, source, target, afterTrouble);
        poll.thread.start();
        return poll;
    }

    private <M> void run(Source<M> source, Consumer<M> target) {
        try {
            Duration pause = Duration.ZERO;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = turn(source, target);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns how long to wait before the next one.
    private <M> Duration turn(Source<M> source, Consumer<M> target) throws InterruptedException {
        try {
            M found = source.receive(WAIT);
            if (isOpen()) {
                target.accept(found);
            }
            return Duration.ZERO;
        } catch (RuntimeException e) {
            if (isOpen()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        name + " wait for " + afterTrouble.toSeconds() + " s after trouble",
                        e);
            }
            return afterTrouble;
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
