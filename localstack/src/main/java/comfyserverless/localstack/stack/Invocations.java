package comfyserverless.localstack.stack;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import comfyserverless.localstack.gateway.LocalContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Ways in which functions are called besides the gateway's: asynchronously, and by the clock.
final class Invocations {
    private static final System.Logger LOG = System.getLogger(Invocations.class.getName());
    private static final byte[] EMPTY_EVENT = "{}".getBytes(StandardCharsets.UTF_8);

    private Invocations() {}

    /// Calls the action on a virtual thread; what it throws is logged.
    static void later(Schedule.Action action) {
        Thread.ofVirtual().name("invocation").start(() -> run(action));
    }

    private static void run(Schedule.Action action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "an asynchronous invocation failed", e);
        }
    }

    /// Calls the function now and then again and again.
    static Schedule schedule(String name, Duration every, RequestStreamHandler function) {
        return Schedule.start(
                name,
                every,
                () ->
                        function.handleRequest(
                                new ByteArrayInputStream(EMPTY_EVENT),
                                new ByteArrayOutputStream(),
                                LocalContext.HTTP));
    }
}
