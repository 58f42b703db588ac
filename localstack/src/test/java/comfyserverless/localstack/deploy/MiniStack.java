package comfyserverless.localstack.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/// MiniStack from PyPI, installed below `target` once: an emulator that nobody here wrote, whose API Gateway
/// calls functions over Lambda's runtime API.
final class MiniStack implements AutoCloseable {
    static final String MISSING = "MiniStack needs python3 (3.10 or later) with venv";
    private static final String VERSION = "1.5.33";
    private static final String CHECK = "import sys, venv; sys.exit(sys.version_info < (3, 10))";

    private final Process process;
    private final URI endpoint;

    private MiniStack(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static boolean canInstall() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", CHECK).start().waitFor() == 0;
        } catch (IOException e) {
            // there is no such command
            return false;
        }
    }

    static MiniStack start() throws IOException, InterruptedException {
        Path folder = Path.of("target", "ministack").toAbsolutePath();
        Path program = folder.resolve("bin/ministack");
        if (!Files.exists(program)) {
            Files.createDirectories(folder);
            run(folder, "python3", "-m", "venv", folder.toString());
            String pip = folder.resolve("bin/pip").toString();
            run(folder, pip, "install", "-q", "ministack==" + VERSION);
        }
        int port = freePort();
        ProcessBuilder builder =
                new ProcessBuilder(program.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log.txt").toFile());
        builder.environment().put("BIND_HOST", "127.0.0.1");
        builder.environment().put("GATEWAY_PORT", Integer.toString(port));
        Process process = builder.start();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Awaitility.await("MiniStack, see " + folder.resolve("log.txt"))
                .atMost(Duration.ofMinutes(1))
                .until(() -> !process.isAlive() || answers(endpoint));
        if (!process.isAlive()) {
            throw new IOException(
                    "MiniStack ended: " + Files.readString(folder.resolve("log.txt")));
        }
        return new MiniStack(process, endpoint);
    }

    URI endpoint() {
        return endpoint;
    }

    private static boolean answers(URI endpoint) throws InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(endpoint.resolve("/_ministack/health")).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // not yet
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void run(Path folder, String... command)
            throws IOException, InterruptedException {
        Path said = folder.resolve("installation.txt");
        int status =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(
                    List.of(command) + " ended with " + status + ": " + Files.readString(said));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
