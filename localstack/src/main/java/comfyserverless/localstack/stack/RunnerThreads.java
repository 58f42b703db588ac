package comfyserverless.localstack.stack;

import comfyserverless.runner.claim.RunnerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The runners of this process, each on a platform thread of its own (tensor work may not move between threads).
final class RunnerThreads implements AutoCloseable {
    private final List<RunnerLoop> loops = new ArrayList<>();

    /// Starts so many runners.
    static RunnerThreads start(int count, Supplier<RunnerLoop> runner) {
        RunnerThreads threads = new RunnerThreads();
        for (int i = 0; i < count; i++) {
            RunnerLoop loop = runner.get();
            threads.loops.add(loop);
            Thread.ofPlatform().daemon().name("runner-" + i).start(loop);
        }
        return threads;
    }

    /// Gives running jobs back to the queue.
    @Override
    public void close() {
        List<Thread> closing = new ArrayList<>();
        for (RunnerLoop loop : loops) {
            closing.add(Thread.ofVirtual().start(loop::close));
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
