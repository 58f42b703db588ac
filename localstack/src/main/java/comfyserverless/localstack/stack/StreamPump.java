package comfyserverless.localstack.stack;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.dynamodb.StreamRecord;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.gateway.LocalContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The event source mapping between the table's stream and its function: filters as in the cloud (job items whose `st`
/// came, went or left R), batches, one at a time.
final class StreamPump implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StreamPump.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 100;
    private static final String PARTITION = "PK";
    private static final String JOBS = "Q#";
    private static final String STATE = "st";

    private final BlockingQueue<StreamRecord> waiting = new LinkedBlockingQueue<>();
    private @Nullable Thread thread;

    /// Takes a change; called by the store in the order of the changes.
    void accept(StreamRecord change) {
        if (isWanted(change)) {
            waiting.add(change);
        }
    }

    static boolean isWanted(StreamRecord change) {
        boolean job =
                change.keys().get(PARTITION) instanceof Value.S(String key) && key.startsWith(JOBS);
        return job
                && !change.expired()
                && !Objects.equals(state(change.oldImage()), state(change.newImage()));
    }

    private static @Nullable Value state(@Nullable Map<String, Value> image) {
        return image == null ? null : image.get(STATE);
    }

    /// Hands batches to the function from now on.
    void start(RequestStreamHandler function) {
        thread = Thread.ofVirtual().name("table-stream").start(() -> run(function));
    }

    private void run(RequestStreamHandler function) {
        try {
            while (true) {
                List<StreamRecord> batch = new ArrayList<>();
                batch.add(waiting.take());
                int more = waiting.drainTo(batch, BATCH - 1);
                assert more < BATCH;
                hand(batch, function);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hand(List<StreamRecord> batch, RequestStreamHandler function) {
        ObjectNode event = JSON.createObjectNode();
        var records = event.putArray("Records");
        batch.forEach(change -> records.add(change.toLambdaRecord()));
        try {
            function.handleRequest(
                    new ByteArrayInputStream(JSON.writeValueAsBytes(event)),
                    new ByteArrayOutputStream(),
                    LocalContext.HTTP);
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the stream's function failed for " + batch.size() + " changes",
                    e);
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
