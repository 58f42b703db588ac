package comfyserverless.localstack.emulator;

import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.emulator.aws.JsonServer;
import comfyserverless.localstack.emulator.sqs.QueueService;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/// An SQS endpoint on a loopback port, whose queues and messages lie in one file of the data folder.
public final class EmbeddedSqs implements AutoCloseable {
    private final DurableStore store;
    private final QueueService service;
    private final JsonServer server;

    private EmbeddedSqs(DurableStore store, QueueService service, JsonServer server) {
        this.store = store;
        this.service = service;
        this.server = server;
    }

    public static EmbeddedSqs start(Path file, Clock clock, Faults faults) throws IOException {
        DurableStore store = DurableStore.open(file);
        QueueService service = new QueueService(store, clock);
        return new EmbeddedSqs(store, service, JsonServer.start(service, faults, 0));
    }

    public URI endpoint() {
        return server.endpoint();
    }

    /// For callers of the same process.
    public JsonServer server() {
        return server;
    }

    /// Ends long polls; the queues go on otherwise.
    public void drain() {
        service.drain();
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
