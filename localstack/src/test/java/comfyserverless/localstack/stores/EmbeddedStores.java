package comfyserverless.localstack.stores;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.localstack.emulator.EmbeddedDynamo;
import comfyserverless.localstack.emulator.EmbeddedS3;
import comfyserverless.localstack.emulator.EmbeddedSqs;
import comfyserverless.localstack.emulator.aws.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// One set of embedded stores for all tests of this JVM; a test keeps to its own tenant, pool or
/// queue.
final class EmbeddedStores {
    private static final EmbeddedStores STORES = start();

    private final URI dynamo;
    private final URI s3;
    private final URI sqs;

    private EmbeddedStores(URI dynamo, URI s3, URI sqs) {
        this.dynamo = dynamo;
        this.s3 = s3;
        this.sqs = sqs;
    }

    private static EmbeddedStores start() {
        try {
            Path folder = Files.createTempDirectory("embedded-stores");
            EmbeddedDynamo dynamo =
                    EmbeddedDynamo.start(
                            folder.resolve("dynamo"), Clock.systemUTC(), Faults.NONE, change -> {});
            EmbeddedS3 s3 = EmbeddedS3.start(folder.resolve("s3"), "local", "local-secret");
            EmbeddedSqs sqs =
                    EmbeddedSqs.start(folder.resolve("sqs"), Clock.systemUTC(), Faults.NONE);
            return new EmbeddedStores(dynamo.endpoint(), s3.endpoint(), sqs.endpoint());
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded stores did not start", e);
        }
    }

    /// The table and buckets are shared, the queue is `queue`.
    static AwsSettings settings(String queue) {
        return new AwsSettings(
                "us-east-1",
                new AwsSettings.Endpoints(STORES.dynamo, STORES.s3, STORES.sqs, null),
                new AwsSettings.Names(
                        "comfy", "files", "models", STORES.sqs + "/000000000000/" + queue),
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
