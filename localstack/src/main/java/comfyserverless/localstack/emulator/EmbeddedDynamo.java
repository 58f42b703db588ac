package comfyserverless.localstack.emulator;

import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.emulator.aws.JsonServer;
import comfyserverless.localstack.emulator.dynamodb.DynamoService;
import comfyserverless.localstack.emulator.dynamodb.StreamRecord;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/// A DynamoDB endpoint on a loopback port, whose tables lie in one file of the data folder.
public final class EmbeddedDynamo implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddedDynamo.class.getName());
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

    private final DurableStore store;
    private final JsonServer server;
    private final Thread sweeper;

    private EmbeddedDynamo(DurableStore store, JsonServer server, Thread sweeper) {
        this.store = store;
        this.server = server;
        this.sweeper = sweeper;
    }

    /// Opens the file and serves it; every committed change goes to the listener, in order.
    public static EmbeddedDynamo start(
            Path file, Clock clock, Faults faults, Consumer<StreamRecord> listener)
            throws IOException {
        return start(file, clock, faults, listener, 0);
    }

    /// As [#start(Path, Clock, Faults, Consumer)], on a port of the caller's choice.
    static EmbeddedDynamo start(
            Path file, Clock clock, Faults faults, Consumer<StreamRecord> listener, int port)
            throws IOException {
        DurableStore store = DurableStore.open(file);
        DynamoService service = new DynamoService(store, clock, listener);
        JsonServer server = JsonServer.start(service, faults, port);
        Thread sweeper = Thread.ofVirtual().name("dynamo-ttl").start(() -> sweep(service));
        return new EmbeddedDynamo(store, server, sweeper);
    }

    private static void sweep(DynamoService service) {
        try {
            while (true) {
                Thread.sleep(SWEEP_EVERY);
                sweepOnce(service);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sweepOnce(DynamoService service) {
        try {
            int seen = service.sweepExpired();
            LOG.log(System.Logger.Level.DEBUG, "looked at {0} expired items", seen);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "expired items could not be removed; the next sweep tries again",
                    e);
        }
    }

    public URI endpoint() {
        return server.endpoint();
    }

    /// For callers of the same process.
    public JsonServer server() {
        return server;
    }

    @Override
    public void close() {
        sweeper.interrupt();
        server.close();
        store.close();
    }
}
