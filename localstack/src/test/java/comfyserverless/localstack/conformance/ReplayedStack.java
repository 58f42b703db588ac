package comfyserverless.localstack.conformance;

import comfyserverless.contract.conformance.Recordings;
import comfyserverless.localstack.stack.StackProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/// A local stack that has what the recorded server had at its start.
final class ReplayedStack implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /// The module's folder: the testing nodes lie beside it.
    private static final Path HOME = Path.of("").toAbsolutePath();

    private static final Path INPUTS = Path.of("input");

    private final StackProcess process;

    private ReplayedStack(StackProcess process) {
        this.process = process;
    }

    /// Starts one on a folder of its own, and waits until it answers and holds all inputs.
    static ReplayedStack start(Path folder, String... flags) throws IOException {
        Path fixtures = folder.resolve("fixtures");
        List<Path> files = Recordings.copyFixtures(fixtures);
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--conformance",
                                "--models",
                                fixtures.resolve("models").toString(),
                                "--input",
                                fixtures.resolve(INPUTS).toString()));
        all.addAll(List.of(flags));
        StackProcess process = new StackProcess(folder);
        process.start(HOME, Map.of(), all.toArray(String[]::new));
        ReplayedStack stack = new ReplayedStack(process);
        Awaitility.await("the local stack holds the inputs")
                .atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> stack.holds(files));
        return stack;
    }

    private boolean holds(List<Path> files) throws IOException {
        if (!process.isAlive()) {
            throw new IOException("the local stack ended: " + process.printed());
        }
        return process.get("/prompt").isPresent()
                && files.stream().filter(f -> f.startsWith(INPUTS)).allMatch(this::holds);
    }

    private boolean holds(Path file) {
        Path name = INPUTS.relativize(file);
        Path parent = name.getParent();
        String target =
                "/view?type=input&filename="
                        + encoded(String.valueOf(name.getFileName()))
                        + "&subfolder="
                        + (parent == null ? "" : encoded(parent.toString()));
        RawHttp.Request head = new RawHttp.Request("HEAD", target, Map.of(), null);
        try {
            return new RawHttp(uri(), ANSWER).send(head).status() < 400;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    URI uri() {
        return process.uri();
    }

    /// What the process has printed.
    String printed() throws IOException {
        return process.printed();
    }

    @Override
    public void close() {
        process.close();
    }
}
