package comfyserverless.localstack.real;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.start.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/// One LocalStack for all tests of this JVM, with the State stack's template deployed to it: that of
/// LOCALSTACK_ENDPOINT, else a container where Docker runs, else one from PyPI in host mode. A test that asks
/// for it where there is none of them is skipped with the reason.
public final class RealLocalStack {
    private static final Path TARGET = Path.of("target", "localstack").toAbsolutePath();
    private static final Duration START = Duration.ofMinutes(2);
    private static @Nullable RealLocalStack running;

    private final URI endpoint;
    private final AwsSettings.Names names;

    private RealLocalStack(URI endpoint) throws IOException {
        this.endpoint = endpoint;
        this.names = DeployedState.on(endpoint);
    }

    /// Whether this run is about LocalStack (profile `localstack`).
    public static boolean isWanted() {
        return Boolean.getBoolean("localstack");
    }

    public static synchronized RealLocalStack get() throws IOException {
        RealLocalStack found = running;
        if (found == null) {
            Optional<URI> endpoint = find();
            assumeTrue(endpoint.isPresent(), PythonInstall.MISSING);
            found = new RealLocalStack(endpoint.orElseThrow());
            running = found;
        }
        return found;
    }

    public URI endpoint() {
        return endpoint;
    }

    /// What the deployed stack is called there.
    public AwsSettings.Names names() {
        return names;
    }

    private static Optional<URI> find() throws IOException {
        String given = System.getenv("LOCALSTACK_ENDPOINT");
        if (given != null) {
            return Optional.of(URI.create(given));
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of(container());
        }
        try {
            Optional<Path> python = PythonInstall.in(TARGET.resolve("python"));
            return python.isEmpty() ? Optional.empty() : Optional.of(start(python.get()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the start was interrupted", e);
        }
    }

    /// Testcontainers stops it with this JVM.
    private static URI container() {
        LocalStackContainer container =
                new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.14.0"));
        container.start();
        return container.getEndpoint();
    }

    private static URI start(Path python) throws IOException {
        Path files = TARGET.resolve("files");
        DynamoJar.placeIn(files.resolve("var/lib/localstack/lib"));
        int port = FreePort.find();
        ProcessBuilder builder =
                new ProcessBuilder(python.toString(), "-m", "localstack.runtime.main")
                        .redirectErrorStream(true)
                        .redirectOutput(TARGET.resolve("log.txt").toFile());
        builder.environment().putAll(environment(files, port));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
        Awaitility.await("LocalStack, see " + TARGET.resolve("log.txt"))
                .atMost(START)
                .until(() -> answers(port) || !process.isAlive());
        if (!process.isAlive()) {
            throw new IOException(
                    "LocalStack ended: " + Files.readString(TARGET.resolve("log.txt")));
        }
        return URI.create("http://127.0.0.1:" + port);
    }

    private static Map<String, String> environment(Path files, int port) {
        return Map.of(
                "OVERRIDE_IN_DOCKER", "0",
                "FILESYSTEM_ROOT", files.toString(),
                "GATEWAY_LISTEN", "127.0.0.1:" + port,
                "DISABLE_EVENTS", "1",
                "SKIP_SSL_CERT_DOWNLOAD", "1",
                // the provider that hands every request on, streams too, and needs no Kinesis
                "PROVIDER_OVERRIDE_DYNAMODB", "v2",
                "PROVIDER_OVERRIDE_DYNAMODBSTREAMS", "v2",
                "DYNAMODB_IN_MEMORY", "1");
    }

    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            // not yet
            return false;
        }
    }
}
