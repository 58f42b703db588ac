package comfyserverless.testingnodes;

import comfyserverless.contract.json.PythonText;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleConsumer;

/// Nodes that wait, and those that fail.
final class WaitingNodes {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final double SECOND = 1e9;

    /// Who waits for no time at all still lets others go on first.
    private static final double A_MOMENT = 0.01;

    /// What runs of TestAsyncResourceUser hold, over all jobs of the process.
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private final Semaphore two = new Semaphore(2, true);

    private WaitingNodes() {}

    static List<TestingNode> all() {
        WaitingNodes nodes = new WaitingNodes();
        return List.of(
                TestingNode.of("TestSleep", WaitingNodes::sleep).asynchronous(),
                TestingNode.of("TestAsyncError", WaitingNodes::failLater).asynchronous(),
                TestingNode.of("TestSyncError", (in, c) -> fail("sync")),
                TestingNode.of("TestAsyncTimeout", WaitingNodes::giveUp).asynchronous(),
                TestingNode.of("TestAsyncLazyCheck", (in, c) -> PictureNodes.constant(1))
                        .lazy(WaitingNodes::chosen),
                TestingNode.of("TestAsyncResourceUser", nodes::useResource).asynchronous(),
                TestingNode.of("TestAsyncBatchProcessing", WaitingNodes::invertEach).asynchronous(),
                TestingNode.of("TestAsyncConcurrentLimit", nodes::waitForTurn).asynchronous(),
                TestingNode.of("TestAsyncProgressUpdate", WaitingNodes::share).asynchronous(),
                TestingNode.of("TestSyncProgressUpdate", WaitingNodes::share));
    }

    /// Waits and tells every 10 ms how many seconds have passed, at last all of them.
    private static void wait(double seconds, NodeContext context, DoubleConsumer passed)
            throws InterruptedException {
        long began = System.nanoTime();
        double elapsed = 0;
        while (elapsed < seconds) {
            context.checkStop();
            elapsed = Math.min(seconds, (System.nanoTime() - began) / SECOND);
            passed.accept(elapsed);
            Thread.sleep(TICK);
        }
    }

    private static void wait(double seconds, NodeContext context) throws InterruptedException {
        wait(seconds, context, passed -> {});
    }

    private static Outputs sleep(Inputs in, NodeContext context) throws InterruptedException {
        double seconds = in.decimal("seconds");
        wait(seconds, context, passed -> context.progress(passed, seconds));
        return Outputs.of(in.value("value"));
    }

    private static Outputs share(Inputs in, NodeContext context) throws InterruptedException {
        double seconds = in.decimal("sleep_seconds");
        wait(seconds, context, passed -> context.progress(passed / seconds, 1));
        return Outputs.of(in.value("value"));
    }

    private static Outputs fail(String kind) {
        throw new NodeException(
                "RuntimeError", "Intentional " + kind + " execution error for testing");
    }

    private static Outputs failLater(Inputs in, NodeContext context) throws InterruptedException {
        wait(Math.max(in.decimal("error_after"), A_MOMENT), context);
        return fail("async");
    }

    private static Outputs giveUp(Inputs in, NodeContext context) throws InterruptedException {
        double timeout = in.decimal("timeout");
        double needed = in.decimal("operation_time");
        wait(Math.min(timeout, needed), context);
        if (needed > timeout) {
            throw new NodeException(
                    "RuntimeError",
                    "Operation timed out after " + PythonText.repr(timeout) + " seconds");
        }
        return Outputs.of(in.value("value"));
    }

    private static List<String> chosen(Inputs in) {
        String input = Truth.of(in.value("condition")) ? "input1" : "input2";
        return in.has(input) ? List.of() : List.of(input);
    }

    private Outputs useResource(Inputs in, NodeContext context) throws InterruptedException {
        String resource = in.text("resource_id");
        if (!held.add(resource)) {
            throw new NodeException("RuntimeError", "Resource " + resource + " is already in use!");
        }
        try {
            wait(in.decimal("duration"), context);
            return Outputs.of(in.value("value"));
        } finally {
            held.remove(resource);
        }
    }

    private static Outputs invertEach(Inputs in, NodeContext context) throws InterruptedException {
        Image images = in.image("images");
        int length = images.data().length / images.batch();
        float[] inverted = new float[images.data().length];
        for (int i = 0; i < images.batch(); i++) {
            wait(in.decimal("process_time_per_item"), context);
            for (int at = i * length; at < (i + 1) * length; at++) {
                inverted[at] = 1 - images.data()[at];
            }
            context.progress(i + 1, images.batch());
        }
        return Outputs.of(
                new Image(
                        inverted,
                        images.batch(),
                        images.height(),
                        images.width(),
                        images.channels()));
    }

    private Outputs waitForTurn(Inputs in, NodeContext context) throws InterruptedException {
        two.acquire();
        try {
            wait(in.decimal("duration"), context);
            return Outputs.of(in.value("value"));
        } finally {
            two.release();
        }
    }
}
