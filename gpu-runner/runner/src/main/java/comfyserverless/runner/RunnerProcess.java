package comfyserverless.runner;

import comfyserverless.contract.Ports;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.pack.PackPublication;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.diffusion.torch.EngineStart;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.claim.RunnerLoop;
import comfyserverless.runner.nodes.CoreNodes;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.pack.RunnerPacks;
import comfyserverless.runner.report.Reports;
import comfyserverless.runner.run.CacheSettings;
import comfyserverless.runner.run.Executor;
import comfyserverless.runner.run.Mail;
import comfyserverless.runner.run.NodeRegistry;
import comfyserverless.runner.run.SharedResults;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A runner process: publishes the nodes it has, reports its machine, and runs jobs until it is closed. In a
/// container it is the whole process, in the local stack one part of it.
public final class RunnerProcess implements AutoCloseable {
    /// What a runner stands on.
    ///
    /// @param files where inputs come from and outputs go: those of the ports, or more around them
    /// @param packs where nodes besides ComfyUI's own are
    /// @param progress told how far PyTorch's start and the loading of a model are
    public record Surroundings(
            Ports ports,
            Files files,
            Models models,
            Sending sending,
            RunnerPacks.Wanted packs,
            EngineStart progress) {}

    /// How sockets are posted to, and how many status messages each may get.
    public record Sending(Post post, StatusBudget statuses) {}

    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(RunnerProcess.class);

    private final Surroundings around;
    private final ProcessSettings settings;
    private final UnaryOperator<Claims> guard;
    private final List<Thread> threads = new ArrayList<>();
    private final Clock clock = Clock.systemUTC();
    private final TorchDevice device;
    private final LoadedModels loaded;
    private final NodeRegistry nodes;
    private final RunnerPacks packs;
    private final List<RunnerLoop> loops = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private RunnerProcess(
            Surroundings around, ProcessSettings settings, UnaryOperator<Claims> guard) {
        this.guard = guard;
        this.around = around;
        this.settings = settings;
        this.device = new TorchDevice(settings.torch(), around.progress());
        this.loaded = new LoadedModels(device, settings.loadedModels());
        List<Node> all = new ArrayList<>(core());
        Set<String> taken =
                all.stream()
                        .map(node -> node.definition().className())
                        .collect(Collectors.toUnmodifiableSet());
        this.packs = RunnerPacks.load(around.packs().sources(), taken);
        packs.packs().refused().forEach(around.packs().leftOut());
        all.addAll(packs.nodes());
        this.nodes = new NodeRegistry(all, new PackValidators(packs.packs().packs())::ofPack);
    }

    private List<Node> core() {
        return CoreNodes.all(
                new CoreNodes.Surroundings(
                        loaded,
                        settings.previews(),
                        settings.metadata(),
                        clock,
                        RandomGenerator.getDefault()));
    }

    /// Publishes the catalogue and begins to take jobs.
    public static RunnerProcess start(Surroundings around, ProcessSettings settings) {
        return start(around, settings, UnaryOperator.identity());
    }

    /// As [#start(Surroundings, ProcessSettings)], with something around the claims of each of its runners.
    public static RunnerProcess start(
            Surroundings around, ProcessSettings settings, UnaryOperator<Claims> guard) {
        RunnerProcess process = new RunnerProcess(around, settings, guard);
        process.begin();
        return process;
    }

    private void begin() {
        PackPublication publication = PackPublication.of(nodes.all(), packs.packs());
        publication.leftOut().forEach(file -> around.packs().leftOut().accept(file.sentence()));
        String digest = publication.in(around.ports().catalogues());
        for (int i = 0; i < settings.runners(); i++) {
            String own = UUID.randomUUID().toString();
            RunnerLoop loop = loop(own, digest);
            loops.add(loop);
            threads.add(Thread.ofPlatform().name("runner-" + (i + 1)).start(loop));
            Machine machine = new Machine(own, digest, TORCH_VERSION);
            Thread.ofVirtual().name("reports-of-" + own).start(() -> report(machine));
        }
    }

    /// The version of PyTorch that DJL brings.
    private static final String TORCH_VERSION = "2.7.1";

    private RunnerLoop loop(String own, String digest) {
        Ports ports = around.ports();
        Sender sender =
                new Sender(
                        around.sending().post(),
                        () -> UUID.randomUUID().toString(),
                        settings.maxMessage());
        Reports reports =
                new Reports(
                        new Reports.Clients(
                                ports.connections(),
                                ports.eventLog(),
                                ports.missed(),
                                ports.jobLog()),
                        new Reports.Sending(
                                sender, around.sending().statuses(), settings.maxMessage()),
                        clock,
                        System::nanoTime);
        Executor executor =
                new Executor(
                        nodes,
                        new Executor.Sources(
                                around.files(),
                                around.models(),
                                Mail.of(ports.mailbox(), settings.longestWait())),
                        new Executor.Memory(ports.freeRequests(), this::unloadModels),
                        keeping(digest),
                        clock);
        return new RunnerLoop(
                own,
                new RunnerLoop.Queue(guard.apply(ports.claims()), ports.tickets(), ports.jobs()),
                reports,
                executor,
                settings.jobs(),
                System::nanoTime);
    }

    /// A client that asks for memory wants to see it free: the heap is shrunk too.
    @SuppressWarnings("SystemGc")
    private void unloadModels() {
        loaded.unloadUnused();
        System.gc();
    }

    private Executor.Keeping keeping(String digest) {
        CacheSettings caching = settings.caching();
        SharedResults shared =
                caching.shared() == 0
                        ? SharedResults.none()
                        : SharedResults.in(
                                around.ports().results(caching.shared()),
                                packs.types(),
                                digest + "/" + packs.packs().digest(),
                                caching.worth(),
                                Thread::startVirtualThread);
        return new Executor.Keeping(caching.mode(), shared);
    }

    /// Whether all its runners can take jobs or run one.
    public boolean isWorking() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    private void report(Machine machine) {
        try {
            do {
                try {
                    around.ports().runners().report(machine.report(clock.instant()));
                } catch (UncheckedIOException e) {
                    LOG.warn("the runner cannot report its machine", e);
                }
            } while (!closed.await(REPORT_EVERY.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Gives running jobs back, at once, and frees the models.
    @Override
    public void close() {
        closed.countDown();
        List<Thread> closing = new ArrayList<>();
        for (RunnerLoop loop : loops) {
            closing.add(Thread.ofVirtual().start(loop::close));
        }
        for (Thread each : closing) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        loaded.close();
        device.close();
        packs.packs().close();
    }
}
