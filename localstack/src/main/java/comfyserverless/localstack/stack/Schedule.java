package comfyserverless.localstack.stack;

import java.time.Duration;

/// A rule of the clock: calls an action at once and then again and again, whatever becomes of it.
final class Schedule implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Schedule.class.getName());

    /// What the rule calls.
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private final Thread thread;

    private Schedule(Thread thread) {
        this.thread = thread;
    }

    static Schedule start(String name, Duration every, Action action) {
        return new Schedule(Thread.ofVirtual().name(name).start(() -> run(name, every, action)));
    }

    private static void run(String name, Duration every, Action action) {
        try {
            while (true) {
                runOnce(name, action);
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void runOnce(String name, Action action) throws InterruptedException {
        try {
            action.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, name + " failed; it will be tried again", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
