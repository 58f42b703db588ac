package comfyserverless.localstack.stack;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Reconciled;
import comfyserverless.contract.model.FolderModels;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.HttpEntry;
import comfyserverless.handlers.ReconcileEntry;
import comfyserverless.handlers.SocketEntry;
import comfyserverless.handlers.StatusEntry;
import comfyserverless.handlers.objectinfo.PublishedNodes;
import comfyserverless.handlers.pages.DirectoryWebFiles;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.handlers.pages.WebFiles;
import comfyserverless.handlers.socket.Greeter;
import comfyserverless.handlers.user.Users;
import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.emulator.aws.SeededFaults;
import comfyserverless.localstack.files.ExtraModelPaths;
import comfyserverless.localstack.files.FolderUserFiles;
import comfyserverless.localstack.files.InputImport;
import comfyserverless.localstack.files.MirroredFiles;
import comfyserverless.localstack.files.ResourceWebFiles;
import comfyserverless.localstack.gateway.Gateway;
import comfyserverless.localstack.gateway.GatewayLimits;
import comfyserverless.localstack.gateway.GatewayPost;
import comfyserverless.localstack.gateway.GatewaySettings;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.localstack.start.CannotStart;
import comfyserverless.localstack.start.DataFolder;
import comfyserverless.localstack.start.Progress;
import comfyserverless.runner.RunnerProcess;
import comfyserverless.runner.pack.RunnerPacks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Everything in one JVM: the embedded stores, the functions behind the local gateway, the runners. The same classes run
/// in the cloud; only what joins them is here.
public final class LocalStack implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalStack.class.getName());
    private static final Duration RECONCILE_EVERY = Duration.ofMinutes(1);
    private static final int SECRET_BYTES = 24;

    private final LocalSettings settings;
    private final DataFolder data;
    private final Path home;
    private final Progress progress;
    private final Clock clock = Clock.systemUTC();

    /// One for functions and runners: here they are one process.
    private final StatusBudget statuses = new StatusBudget(StatusBudget.DIRECT, System::nanoTime);

    /// The functions' and the runner's half of this process load the same packs.
    private final Consumer<String> leftOut =
            new SaidOnce(sentence -> LOG.log(System.Logger.Level.WARNING, sentence));

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private volatile @Nullable Gateway gateway;
    private Optional<String> firstKey = Optional.empty();

    private LocalStack(LocalSettings settings, DataFolder data, Path home, Progress progress) {
        this.settings = settings;
        this.data = data;
        this.home = home;
        this.progress = progress;
    }

    /// Starts all parts; the gateway answers when this returns.
    ///
    /// @param progress shows how far long work is
    /// @param home the folder of the local stack in the source tree, with the small model
    /// @param port the port to answer on, never 0
    public static LocalStack start(
            LocalSettings settings, DataFolder data, Path home, Progress progress, int port)
            throws IOException {
        LocalStack stack = new LocalStack(settings, data, home, progress);
        try {
            stack.run(port);
            return stack;
        } catch (IOException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private void run(int port) throws IOException {
        StreamPump stream = opened(new StreamPump());
        Stores stores = opened(stores(stream));
        URI management = Hosts.own(settings.listening(), port);
        AwsSettings reached = stores.settings(management, settings.extras().binaryFrames());
        Aws aws = opened(Aws.open(reached, JobSettings.standard(), stores::way));
        if (stores.mustBeMade()) {
            aws.createStores();
        }
        OwnNodes nodes = opened(OwnNodes.with(packs()));
        nodes.refused().forEach(leftOut);
        nodes.publishIn(aws.ports().catalogues(), leftOut);
        Ports ports = aws.ports().withLimits(settings.extras().limits());
        SmallModel smallModel = new SmallModel(home.resolve("small-model"));
        Models models = models(aws, smallModel);
        AtomicReference<Greeter> greeter = new AtomicReference<>();
        HandlerPorts handlers = handlers(aws, ports, models, nodes, greeter);
        greeter.set(SocketEntry.greeter(handlers));
        firstKey = LocalAuth.firstKey(handlers);
        gateway =
                opened(
                        Gateway.start(
                                gatewaySettings(port, handlers.settings(), stores),
                                new HttpEntry(handlers),
                                new SocketEntry(handlers)));
        stream.start(new StatusEntry(handlers));
        ReconcileEntry reconcile = new ReconcileEntry(handlers);
        opened(Invocations.schedule("reconcile", RECONCILE_EVERY, reconcile));
        importInputs(ports.files(), smallModel);
        if (!stores.isShared()) {
            requeueOrphans(aws, handlers);
        }
        if (settings.running().runners() > 0) {
            opened(startRunners(ports, models));
            opened(stores::drain);
        }
        // Closed before the queues stop to wait: who still asked would keep a processor busy.
        opened(LocalWebhooks.start(handlers));
        if (stores.mustBeMade()) {
            opened(DeadTickets.start(aws.deadTickets(), reconcile::run));
        }
        opened(data.tell(reached, ownModels(), settings.extras().webhookLoopback()));
    }

    /// The key that was made at this start, which can be read at no other time.
    public Optional<String> firstKey() {
        return firstKey;
    }

    private Stores stores(StreamPump stream) throws IOException {
        URI endpoint = settings.endpoint();
        if (endpoint != null) {
            return new EndpointStores(endpoint, System.getenv());
        }
        Long seed = settings.faultSeed();
        Faults faults = seed == null ? Faults.NONE : new SeededFaults(seed);
        return OwnStores.start(data, faults, stream::accept);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /// Jobs that were running when the last process of this data folder ended: nobody else can hold them, so they do not
    /// wait for the end of their leases.
    private void requeueOrphans(Aws aws, HandlerPorts handlers) {
        JobSettings jobs = JobSettings.standard();
        Clock afterEveryLease = Clock.offset(clock, jobs.lease().plus(jobs.grace()).plusSeconds(1));
        Ports.Chance chance =
                new Ports.Chance(afterEveryLease, () -> UUID.randomUUID().toString(), _ -> {});
        Ports ahead = new Ports(aws.stores(), jobs, chance);
        Reconciled done = new ReconcileEntry(handlers, ahead.reconcile()).run();
        LocalWebhooks.handOver(handlers, done.load().tenants().keySet());
        int found = done.requeued().size();
        LOG.log(System.Logger.Level.INFO, "{0} jobs of an earlier process are queued again", found);
    }

    private Models models(Aws aws, SmallModel smallModel) throws IOException {
        Path folder = settings.folders().models();
        Path comfyui = settings.folders().comfyui();
        if (folder != null) {
            return FolderModels.of(folder);
        }
        if (comfyui != null) {
            return new FolderModels(comfyuiFolders(comfyui));
        }
        smallModel.shareIn(aws);
        return aws.models(data.path().resolve("models"));
    }

    /// Where models are read instead of the bucket; null if they are in the bucket.
    private @Nullable Path ownModels() {
        Path comfyui = settings.folders().comfyui();
        Path folder = settings.folders().models();
        return folder == null && comfyui != null ? comfyui.resolve("models") : folder;
    }

    /// Whether the small model is listed, with the samples and the input made for it.
    private boolean usesSmallModel() {
        return ownModels() == null;
    }

    private static Map<String, List<Path>> comfyuiFolders(Path comfyui) {
        try {
            return ExtraModelPaths.add(
                    FolderModels.roots(comfyui.resolve("models")),
                    comfyui.resolve(ExtraModelPaths.FILE));
        } catch (IllegalArgumentException e) {
            throw new CannotStart(e.getMessage() + "; correct or remove it.", e);
        }
    }

    private HandlerPorts handlers(
            Aws aws,
            Ports shared,
            Models models,
            OwnNodes nodes,
            AtomicReference<Greeter> greeter) {
        HandlerPorts ports =
                ownHandlers(aws, shared, models, nodes, greeter)
                        .withExtensions(nodes.extensions())
                        .withWebhooks(LocalWebhooks.ports(aws, settings.extras()));
        Path comfyui = settings.folders().comfyui();
        return comfyui == null
                ? ports
                : ports.withUserFiles(
                        new FolderUserFiles(
                                Users.DEFAULT,
                                comfyui.resolve("user").resolve(Users.DEFAULT),
                                ports.userFiles()));
    }

    private HandlerPorts ownHandlers(
            Aws aws,
            Ports shared,
            Models models,
            OwnNodes nodes,
            AtomicReference<Greeter> greeter) {
        PublishedNodes published = new PublishedNodes(aws.catalogues(), nodes.validators(), clock);
        return new HandlerPorts(
                shared,
                new HandlerPorts.Content(models, published, webFiles(published)),
                new HandlerPorts.Messages(
                        post(),
                        connection -> Invocations.later(() -> greeter.get().greet(connection)),
                        statuses),
                new HandlerPorts.Chance(clock, () -> UUID.randomUUID().toString()),
                HandlerSettings.defaults()
                        .withOriginSecrets(List.of(secret()))
                        .withTrustedHosts(Hosts.trusted(settings.listening()))
                        .withMultiUser(settings.extras().multiUser())
                        .withAuth(LocalAuth.settings(settings.extras().auth(), System.getenv())));
    }

    /// Straight to the sockets of this process.
    private Post post() {
        return new GatewayPost(() -> gateway, settings.extras().binaryFrames());
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The page's own files come first: most requests are for them.
    private WebFiles webFiles(PublishedNodes published) {
        Path root = settings.folders().webRoot();
        Map<String, WebFiles> mounts = new LinkedHashMap<>();
        if (usesSmallModel()) {
            mounts.put(
                    "api/workflow_templates/small-model",
                    new DirectoryWebFiles(home.resolve("small-model/example_workflows")));
        }
        mounts.put(
                "",
                root == null
                        ? ResourceWebFiles.beside("/web/index.html")
                        : new DirectoryWebFiles(root));
        return WebFiles.both(new MountedWebFiles(mounts), published.packFiles());
    }

    private GatewaySettings gatewaySettings(int port, HandlerSettings handlers, Stores stores) {
        return new GatewaySettings(
                settings.listening().address(),
                port,
                handlers.originSecrets().getFirst(),
                GatewayLimits.AWS,
                settings.extras().binaryFrames(),
                stores.objects());
    }

    private void importInputs(Files files, SmallModel smallModel) {
        InputImport imports = new InputImport(files, HandlerSettings.defaults().tenant());
        Path comfyui = settings.folders().comfyui();
        Path input = settings.folders().input();
        Invocations.later(() -> {
            if (usesSmallModel()) {
                imports.run(smallModel.inputs());
            }
            if (comfyui != null) {
                imports.run(comfyui.resolve("input"));
            }
            if (input != null) {
                imports.run(input);
            }
        });
    }

    private PackSources packs() {
        return LocalPacks.of(settings.extras(), home);
    }

    private RunnerProcess startRunners(Ports ports, Models models) {
        try {
            return RunnerProcess.start(
                    runnerSurroundings(ports, models), RunnerSettings.of(settings));
        } catch (TorchException e) {
            throw new CannotStart(String.valueOf(e.getMessage()), e);
        }
    }

    private RunnerProcess.Surroundings runnerSurroundings(Ports ports, Models models) {
        Path mirror = settings.folders().output();
        Files files = mirror == null ? ports.files() : new MirroredFiles(ports.files(), mirror);
        return new RunnerProcess.Surroundings(
                ports,
                files,
                models,
                new RunnerProcess.Sending(post(), statuses),
                new RunnerPacks.Wanted(packs(), leftOut),
                progress::show);
    }

    /// Where a browser on this machine finds it.
    public URI address() {
        Gateway running = gateway;
        if (running == null) {
            throw new IllegalStateException("the gateway was not started");
        }
        return Hosts.own(settings.listening(), running.port());
    }

    /// Stops in the reverse order of the start: runners give their jobs back while the stores still answer.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "a part did not stop well: " + part, e);
            }
        }
    }
}
