package comfyserverless.localstack.stores;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.localstack.emulator.EmbeddedDynamo;
import comfyserverless.localstack.emulator.EmbeddedS3;
import comfyserverless.localstack.emulator.EmbeddedSqs;
import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.real.RealLocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// One set of embedded stores for all tests of this JVM, or a LocalStack where the run is about it; a test
/// keeps to its own tenant, pool or queue.
final class EmbeddedStores {
    private static final String ACCOUNT = "/000000000000/";
    private static @Nullable EmbeddedStores stores;

    private final AwsSettings.Endpoints endpoints;
    private final AwsSettings.Names names;

    /// @param names of what is shared; the queue's is the address that every queue's begins with
    private EmbeddedStores(AwsSettings.Endpoints endpoints, AwsSettings.Names names) {
        this.endpoints = endpoints;
        this.names = names;
    }

    private static synchronized EmbeddedStores started() {
        EmbeddedStores found = stores;
        if (found == null) {
            try {
                found = RealLocalStack.isWanted() ? onLocalStack() : start();
            } catch (IOException e) {
                throw new UncheckedIOException("the stores did not start", e);
            }
            stores = found;
        }
        return found;
    }

    private static EmbeddedStores onLocalStack() throws IOException {
        RealLocalStack localStack = RealLocalStack.get();
        URI all = localStack.endpoint();
        AwsSettings.Names names = localStack.names();
        return new EmbeddedStores(
                new AwsSettings.Endpoints(all, all, all, null),
                new AwsSettings.Names(
                        names.table(), names.filesBucket(), names.modelsBucket(), all + ACCOUNT));
    }

    private static EmbeddedStores start() throws IOException {
        Path folder = Files.createTempDirectory("embedded-stores");
        EmbeddedDynamo dynamo =
                EmbeddedDynamo.start(
                        folder.resolve("dynamo"), Clock.systemUTC(), Faults.NONE, change -> {});
        EmbeddedS3 s3 = EmbeddedS3.start(folder.resolve("s3"), "local", "local-secret");
        EmbeddedSqs sqs = EmbeddedSqs.start(folder.resolve("sqs"), Clock.systemUTC(), Faults.NONE);
        return new EmbeddedStores(
                new AwsSettings.Endpoints(dynamo.endpoint(), s3.endpoint(), sqs.endpoint(), null),
                new AwsSettings.Names("comfy", "files", "models", sqs.endpoint() + ACCOUNT));
    }

    /// The table and buckets are shared, the queues begin with `queue`.
    static AwsSettings settings(String queue) {
        EmbeddedStores stores = started();
        return new AwsSettings(
                "us-east-1",
                stores.endpoints,
                new AwsSettings.Names(
                        stores.names.table(),
                        stores.names.filesBucket(),
                        stores.names.modelsBucket(),
                        stores.names.queueUrl() + queue,
                        new AwsSettings.Webhooks(
                                stores.names.queueUrl() + queue + "-webhooks",
                                stores.names.queueUrl() + queue + "-webhooks-dead")),
                new AwsSettings.Access("local", "local-secret"),
                false);
    }

    /// Opened, with everything made.
    static Aws open(JobSettings jobs, Clock clock, ExecutionInterceptor... interceptors) {
        Aws aws =
                Aws.open(
                        settings("tickets-" + UUID.randomUUID()),
                        jobs,
                        new Ports.Chance(clock, () -> UUID.randomUUID().toString(), round -> {}),
                        List.of(interceptors));
        aws.createStores();
        return aws;
    }
}
