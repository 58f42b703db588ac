package comfyserverless.localstack.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The local stack in a JVM of its own, on one data folder and port, to be started, killed and asked.
public final class StackProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private Optional<Process> process = Optional.empty();

    public StackProcess(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            this.port = socket.getLocalPort();
        }
    }

    public void start(String... flags) throws IOException {
        start(folder, Map.of(), flags);
    }

    /// Starts it with the parts that lie around the folder of the local stack.
    ///
    /// @param home the folder with the small model
    /// @param environment beside this process's own
    public void start(Path home, Map<String, String> environment, String... flags)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx512m",
                                "-Dlocalstack.home=" + home,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "comfyserverless.localstack.LocalMain",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                folder.resolve("data").toString()));
        command.addAll(List.of(flags));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        builder.environment().putAll(environment);
        process = Optional.of(builder.start());
    }

    Path output() {
        return folder.resolve("output.txt");
    }

    public String printed() throws IOException {
        return Files.readString(output());
    }

    /// What its log says and its threads are at, for the message of a test that waited for nothing.
    public String standstill() throws IOException, InterruptedException {
        Path threads = folder.resolve("threads-" + System.nanoTime() + ".txt");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String process = Long.toString(this.process.orElseThrow().pid());
        new ProcessBuilder(jcmd, process, "Thread.dump_to_file", threads.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start()
                .waitFor();
        Path log = folder.resolve("data").resolve("log.0.txt");
        return Files.readString(log)
                + (Files.exists(threads) ? Files.readString(threads) : "no threads were shown");
    }

    public boolean isAlive() {
        return process.map(Process::isAlive).orElse(false);
    }

    /// SIGKILL, and the end of the process.
    public void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly().waitFor();
        }
    }

    /// SIGTERM; whether it ended in time.
    boolean terminate(Duration within) throws InterruptedException {
        Process running = process.orElseThrow();
        running.destroy();
        return running.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The answer's JSON if there was one with status 200.
    public Optional<JsonNode> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /// A file's bytes, wherever its address leads.
    byte[] bytes(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(ANSWER).build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    public Optional<JsonNode> post(String path, JsonNode body) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /// Where it answers.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// Where a client's socket opens.
    URI socket(String clientId) {
        return URI.create("ws://127.0.0.1:" + port + "/ws?clientId=" + clientId);
    }

    private URI uri(String path) {
        return URI.create(uri() + path);
    }

    private Optional<JsonNode> send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> answer =
                    http.send(
                            request.timeout(ANSWER).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    ? Optional.of(JSON.readTree(answer.body()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        process.map(Process::destroyForcibly).ifPresent(ended -> ended.onExit().join());
        http.close();
    }
}
