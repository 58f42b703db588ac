package comfyserverless.localstack.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.Ports;
import comfyserverless.contract.table.Item;
import comfyserverless.localstack.stack.StackProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A local stack without runners in one process, runners in processes of their own beside it, and a reconciler that
/// comes often enough for their short leases.
final class RunnerFleet implements AutoCloseable {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path PACK =
            MODULE.resolveSibling("gpu-runner/testing-nodes/target/classes");
    private static final Duration START = Duration.ofMinutes(2);

    private final Path folder;
    private final Duration lease;
    private final StackProcess stack;
    private final Aws aws;
    private final List<Process> runners = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread reconciler;

    private RunnerFleet(Path folder, Duration lease, StackProcess stack, Aws aws) {
        this.folder = folder;
        this.lease = lease;
        this.stack = stack;
        this.aws = aws;
        this.reconciler = Thread.ofVirtual().start(this::reconcile);
    }

    /// The stack answers when this returns; there are no runners yet.
    static RunnerFleet start(Path folder, Duration lease) throws IOException {
        StackProcess stack = new StackProcess(folder);
        try {
            stack.start(MODULE, Map.of(), "--conformance", "--runners", "none");
            Path settings = data(folder).resolve(SettingsFile.NAME);
            await().atMost(START)
                    .until(() -> Files.exists(settings) && stack.get("/prompt").isPresent());
            SettingsFile.Found found = SettingsFile.read(settings).orElseThrow();
            return new RunnerFleet(
                    folder, lease, stack, Aws.open(found.settings(), BriefLease.of(lease)));
        } catch (IOException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }

    private Path notes(int runner) {
        return folder.resolve("notes-" + runner + ".txt");
    }

    StackProcess stack() {
        return stack;
    }

    Ports ports() {
        return aws.ports();
    }

    private void reconcile() {
        try {
            while (!over.await(lease.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                aws.ports().reconcile().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One more runner; its number.
    int addRunner() {
        runners.add(runner(runners.size()));
        return runners.size() - 1;
    }

    private Process runner(int number) {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeasedRunner.class.getName(),
                        data(folder).toString(),
                        Long.toString(lease.toMillis()),
                        notes(number).toString(),
                        PACK.toString());
        Path output = folder.resolve("runner-" + number + ".txt");
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no runner", e);
        }
    }

    /// SIGKILL, and a new process in its place.
    void replace(int number) throws InterruptedException {
        runners.get(number).destroyForcibly().waitFor();
        runners.set(number, runner(number));
    }

    /// SIGSTOP or SIGCONT.
    void signal(int number, String name) throws IOException, InterruptedException {
        String process = Long.toString(runners.get(number).pid());
        assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor()).isZero();
    }

    /// The prompts whose ends runners were told to be their own.
    List<String> toldEnds() throws IOException {
        List<String> told = new ArrayList<>();
        for (int runner = 0; runner < runners.size(); runner++) {
            notes(runner, "ended").forEach(told::add);
        }
        return told;
    }

    /// The runner that has taken the prompt.
    int holder(String promptId) throws IOException {
        for (int runner = 0; runner < runners.size(); runner++) {
            if (notes(runner, "claimed").anyMatch(promptId::equals)) {
                return runner;
            }
        }
        throw new IllegalStateException("nobody has " + promptId);
    }

    private Stream<String> notes(int runner, String what) throws IOException {
        return Files.exists(notes(runner))
                ? Files.readAllLines(notes(runner)).stream()
                        .filter(line -> line.startsWith(what + " "))
                        .map(line -> line.substring(what.length() + 1))
                : Stream.empty();
    }

    /// The prompt's entry of the history once it is there.
    Optional<JsonNode> ended(String promptId) {
        return stack.get("/history/" + promptId)
                .map(all -> all.path(promptId))
                .filter(entry -> !entry.isMissingNode());
    }

    /// Objects of runs that no file names, and files whose object is not there.
    Set<String> dangling() {
        Set<String> named = new TreeSet<>();
        aws.stores()
                .table()
                .scan(item -> {
                    if (isOutput(item)) {
                        named.add(item.text("s3"));
                    }
                });
        Set<String> stored = new TreeSet<>(aws.stores().blobs().keys("o/"));
        Set<String> dangling = new TreeSet<>(stored);
        dangling.removeAll(named);
        named.removeAll(stored);
        dangling.addAll(named);
        return dangling;
    }

    private static boolean isOutput(Item item) {
        String partition = item.key().partition();
        return partition.startsWith("F#") && partition.contains("#output#") && item.has("s3");
    }

    @Override
    public void close() {
        over.countDown();
        try {
            reconciler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runners.forEach(runner -> runner.destroyForcibly().onExit().join());
        aws.close();
        stack.close();
    }
}
