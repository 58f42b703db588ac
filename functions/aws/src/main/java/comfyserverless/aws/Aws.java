package comfyserverless.aws;

import comfyserverless.aws.dynamo.DynamoTable;
import comfyserverless.aws.ecs.EcsRunners;
import comfyserverless.aws.function.AsyncFunction;
import comfyserverless.aws.gateway.ApiGatewayPost;
import comfyserverless.aws.s3.S3Blobs;
import comfyserverless.aws.s3.S3ModelStore;
import comfyserverless.aws.s3.S3Models;
import comfyserverless.aws.s3.SharedModels;
import comfyserverless.aws.sqs.SqsTickets;
import comfyserverless.aws.sqs.SqsWebhooks;
import comfyserverless.aws.trace.CallTraces;
import comfyserverless.contract.Ports;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Pause;
import comfyserverless.contract.job.RunnerCapacity;
import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.model.TableModelIndex;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.webhook.WebhookQueue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/// The shared ports on AWS, or on whatever answers at the endpoints in the settings.
public final class Aws implements AutoCloseable {
    private final AwsSettings settings;
    private final Clients clients;
    private final Pause pause;
    private final Clock clock;
    private final S3Client s3;
    private final Ports.Stores stores;
    private final Ports ports;
    private final RecentItems recent;
    private final ModelStore store;
    private final ModelIndex index;
    private final ModelScan scan;
    private final Blobs lists;

    private Aws(AwsSettings settings, Clients clients, JobSettings jobs, Ports.Chance chance) {
        AwsSettings.Names names = settings.names();
        this.settings = settings;
        this.clients = clients;
        this.pause = chance.pause();
        this.clock = chance.clock();
        this.s3 = clients.s3();
        this.stores =
                new Ports.Stores(
                        new DynamoTable(clients.dynamo(), names.table(), chance.clock(), pause),
                        new S3Blobs(s3, clients.presigner(), names.filesBucket()),
                        new SqsTickets(clients.sqs(), names.queueUrl(), jobs.pool()));
        this.ports = new Ports(stores, jobs, chance);
        this.recent = new RecentItems(stores.table(), chance.clock());
        this.store = new S3ModelStore(s3, names.modelsBucket());
        this.lists = new S3Blobs(s3, clients.presigner(), names.modelsBucket());
        this.index = new TableModelIndex(stores.table(), lists, recent, chance.ids());
        this.scan = new ModelScan(stores.table(), store, index, chance.clock(), chance.ids());
    }

    /// Opens clients; calls nothing yet.
    public static Aws open(AwsSettings settings, JobSettings jobs) {
        return open(settings, jobs, UnaryOperator.identity());
    }

    /// As [#open(AwsSettings, JobSettings)], where `way` makes of the connection client what carries the calls.
    public static Aws open(
            AwsSettings settings, JobSettings jobs, UnaryOperator<SdkHttpClient> way) {
        return new Aws(settings, new Clients(settings, List.of(), way), jobs, chance());
    }

    /// As [#open(AwsSettings, JobSettings)] for a function, whose traces then show its calls.
    ///
    /// @param environment in which Lambda says whether it is traced
    public static Aws traced(
            AwsSettings settings, JobSettings jobs, Map<String, String> environment) {
        List<ExecutionInterceptor> traces = CallTraces.of(environment, Clock.systemUTC());
        Clients clients = new Clients(settings, traces, UnaryOperator.identity());
        return new Aws(settings, clients, jobs, chance());
    }

    private static Ports.Chance chance() {
        return new Ports.Chance(
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString(),
                new RandomPause(new SecureRandom()));
    }

    /// As [#open(AwsSettings, JobSettings)], with a test's clock, ids and pauses.
    ///
    /// @param interceptors seen by every call of the SDK
    public static Aws open(
            AwsSettings settings,
            JobSettings jobs,
            Ports.Chance chance,
            List<ExecutionInterceptor> interceptors) {
        Clients clients = new Clients(settings, interceptors, UnaryOperator.identity());
        return new Aws(settings, clients, jobs, chance);
    }

    public Ports ports() {
        return ports;
    }

    /// What the ports stand on.
    public Ports.Stores stores() {
        return stores;
    }

    /// Posts to the sockets of the API whose `@connections` address the settings name.
    public Post post() {
        URI management = settings.endpoints().management();
        if (management == null) {
            throw new IllegalStateException("the settings name no address of @connections");
        }
        return post(management);
    }

    public Post post(URI management) {
        return new ApiGatewayPost(
                clients.management(management), settings.binaryPosts(), pause, clock);
    }

    /// A function of this account, called without waiting for its answer.
    public AsyncFunction function(String name) {
        return new AsyncFunction(clients.lambda(), name);
    }

    /// The ECS service whose tasks are the runners.
    public RunnerCapacity runners(String cluster, String service) {
        return new EcsRunners(clients.ecs(), cluster, service);
    }

    /// The models bucket; files that a runner needs whole are kept in `cache`.
    public Models models(Path cache) {
        return models(cache, Long.MAX_VALUE);
    }

    /// As [#models(Path)], where the kept files may take so many bytes together: what was used longest ago
    /// goes first.
    public Models models(Path cache, long mostBytes) {
        return new S3Models(store, index, scan, cache, mostBytes);
    }

    /// The models bucket, to fill it.
    public ModelStore modelStore() {
        return store;
    }

    /// The list of what the models bucket holds.
    public ModelIndex modelIndex() {
        return index;
    }

    /// Where the lists of models lie.
    public Blobs modelLists() {
        return lists;
    }

    /// Looks through the models bucket for what the list lacks.
    public ModelScan modelScan() {
        return scan;
    }

    /// The catalogues as functions read them: the current one may be a second old, and is read together with
    /// the lists of models.
    public Catalogues catalogues() {
        return ports.catalogues(recent);
    }

    /// Puts a model file where every tenant sees it, unless one of its size is there.
    public void shareModel(String folder, Path file) throws IOException {
        new SharedModels(s3, settings.names().modelsBucket(), store, index).put(folder, file);
    }

    /// The tickets that nobody could use, where an emulator was set up by [#createStores].
    public Tickets deadTickets() {
        return new SqsTickets(
                clients.sqs(), settings.names().deadQueueUrl(), ports.settings().pool());
    }

    /// The calls to webhooks; empty where the settings name no queue of them.
    public Optional<WebhookQueue> webhooks() {
        return Optional.ofNullable(settings.names().webhooks())
                .map(names -> new SqsWebhooks(clients.sqs(), names.queueUrl()));
    }

    /// The calls that were given up; there wherever [#webhooks] is.
    public Optional<WebhookQueue> deadWebhooks() {
        return Optional.ofNullable(settings.names().webhooks())
                .map(names -> new SqsWebhooks(clients.sqs(), names.deadQueueUrl()));
    }

    /// Makes table, buckets and queues where an emulator is empty; what exists stays.
    public void createStores() {
        new StoreSetup(clients.dynamo(), s3, clients.sqs()).create(settings.names());
    }

    @Override
    public void close() {
        clients.close();
    }

    /// Full jitter: somewhere between nothing and 20 ms · 2^round, at most one second.
    private record RandomPause(RandomGenerator random) implements Pause {
        private static final long FIRST_MILLIS = 20;
        private static final int MOST_DOUBLINGS = 6;

        @Override
        public void after(int round) {
            long bound = FIRST_MILLIS << Math.min(round, MOST_DOUBLINGS);
            try {
                Thread.sleep(Duration.ofMillis(random.nextLong(bound)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
