package comfyserverless.diffusion.torch;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one platform thread of a device. Grad mode, executor flag, CUDA stream and OpenMP pool belong to a thread.
final class TorchThread implements AutoCloseable {

    /// Deep TorchScript recursion and cuDNN want more than the JVM's default of 1 MB.
    private static final long STACK_BYTES = 16L << 20;

    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final ExecutorService executor;

    TorchThread(TorchSettings settings) {
        String name = "torch-" + settings.device().torchName();
        executor =
                Executors.newSingleThreadExecutor(task -> {
                    Thread made = new Thread(null, task, name, STACK_BYTES);
                    made.setDaemon(true);
                    thread.set(made);
                    return made;
                });
    }

    <T extends @Nullable Object> T call(Callable<T> task) {
        if (isInside()) {
            return runHere(task);
        }
        Future<T> future = executor.submit(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void assertInside() {
        if (!isInside()) {
            throw new TorchException(
                    "tensor work belongs on the device's thread: wrap it in Torch.call (this is "
                            + Thread.currentThread()
                            + ")");
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    private boolean isInside() {
        return Thread.currentThread() == thread.get();
    }

    private static <T extends @Nullable Object> T runHere(Callable<T> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw unchecked(e);
        }
    }

    /// Throws what the task threw, checked or not, as it was.
    private static RuntimeException unchecked(@Nullable Throwable thrown) {
        throw TorchThread.<RuntimeException>sneaky(
                thrown == null ? new TorchException("a task failed without a cause") : thrown);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
