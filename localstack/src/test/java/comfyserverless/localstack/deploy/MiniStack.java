package comfyserverless.localstack.deploy;

import comfyserverless.localstack.python.Venv;
import comfyserverless.localstack.start.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/// MiniStack from PyPI, installed below `target` once: an emulator that nobody here wrote, whose API Gateway
/// calls functions over Lambda's runtime API.
final class MiniStack implements AutoCloseable {
    private static final String VERSION = "1.5.33";

    private final Process process;
    private final URI endpoint;

    private MiniStack(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static MiniStack start() throws IOException, InterruptedException {
        Venv venv = new Venv(Path.of("target", "ministack"));
        Path log = venv.folder().resolve("log.txt");
        Path program = venv.program("ministack");
        if (!Files.exists(program)) {
            venv.make();
            venv.run(venv.program("pip").toString(), "install", "-q", "ministack==" + VERSION);
        }
        int port = FreePort.find();
        ProcessBuilder builder =
                new ProcessBuilder(program.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("BIND_HOST", "127.0.0.1");
        builder.environment().put("GATEWAY_PORT", Integer.toString(port));
        Process process = builder.start();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Awaitility.await("MiniStack, see " + log)
                .atMost(Duration.ofMinutes(1))
                .until(() -> !process.isAlive() || answers(endpoint));
        if (!process.isAlive()) {
            throw new IOException("MiniStack ended: " + Files.readString(log));
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

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
