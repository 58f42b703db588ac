package comfyserverless.localstack.stack;

import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.emulator.EmbeddedDynamo;
import comfyserverless.localstack.emulator.EmbeddedS3;
import comfyserverless.localstack.emulator.EmbeddedSqs;
import comfyserverless.localstack.emulator.aws.DirectHttp;
import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.emulator.dynamodb.StreamRecord;
import comfyserverless.localstack.start.DataFolder;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;

/// The embedded DynamoDB, SQS and S3, started side by side on loopback ports.
final class OwnStores implements Stores {
    static final String TABLE = "comfy-serverless";
    static final String QUEUE = "tickets";
    static final String FILES = "files";
    static final String MODELS = "models";
    private static final int SECRET_BYTES = 24;

    private final EmbeddedDynamo dynamo;
    private final EmbeddedSqs sqs;
    private final EmbeddedS3 s3;
    private final AwsSettings.Access access;

    private OwnStores(
            EmbeddedDynamo dynamo, EmbeddedSqs sqs, EmbeddedS3 s3, AwsSettings.Access access) {
        this.dynamo = dynamo;
        this.sqs = sqs;
        this.s3 = s3;
        this.access = access;
    }

    /// Starts all three on the data folder.
    static OwnStores start(DataFolder data, Faults faults, Consumer<StreamRecord> stream)
            throws IOException {
        Clock clock = Clock.systemUTC();
        AwsSettings.Access access = new AwsSettings.Access("local", secret());
        FutureTask<EmbeddedS3> s3 =
                begin("s3", () -> EmbeddedS3.start(data.objects(), access.id(), access.secret()));
        FutureTask<EmbeddedSqs> sqs =
                begin("sqs", () -> EmbeddedSqs.start(data.queueFile(), clock, faults));
        EmbeddedDynamo dynamo = EmbeddedDynamo.start(data.dynamoFile(), clock, faults, stream);
        return new OwnStores(dynamo, finish(sqs), finish(s3), access);
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static <T> FutureTask<T> begin(String name, Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread.ofPlatform().daemon().name("start-" + name).start(task);
        return task;
    }

    static <T> T finish(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the start was interrupted", e);
        }
    }

    @Override
    public AwsSettings settings(@Nullable URI management, boolean binaryPosts) {
        return new AwsSettings(
                "us-east-1",
                new AwsSettings.Endpoints(
                        dynamo.endpoint(), s3.endpoint(), sqs.endpoint(), management),
                names("http://sqs.localhost/000000000000/" + QUEUE),
                access,
                binaryPosts);
    }

    /// What an emulator's state is called.
    static AwsSettings.Names names(String ticketsUrl) {
        return new AwsSettings.Names(
                TABLE, FILES, MODELS, ticketsUrl, AwsSettings.Webhooks.beside(ticketsUrl));
    }

    /// Table and queues are in this process.
    @Override
    public SdkHttpClient way(SdkHttpClient network) {
        return new DirectHttp(network, dynamo.server(), sqs.server());
    }

    @Override
    public URI objects() {
        return s3.endpoint();
    }

    @Override
    public boolean mustBeMade() {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void drain() {
        sqs.drain();
    }

    @Override
    public void close() {
        sqs.close();
        s3.close();
        dynamo.close();
    }
}
