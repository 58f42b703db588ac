package comfyserverless.localstack.stack;

import comfyserverless.localstack.settings.CommandLine;
import comfyserverless.localstack.start.DataFolder;
import comfyserverless.localstack.start.Logs;
import comfyserverless.localstack.start.MachineCheck;
import comfyserverless.localstack.start.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A start, some requests and a stop in a temporary folder, while the JVM records which classes it needs: the archive
/// made from that lets later starts skip loading them one by one.
public final class WarmUp {
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/prompt",
                    "/queue",
                    "/history",
                    "/object_info",
                    "/system_stats",
                    "/workflow_templates");

    private WarmUp() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("localstack.home", "localstack")).toAbsolutePath();
        Path folder = Files.createTempDirectory("warm-up");
        if (CommandLine.parse(List.of("--runners", "none"), folder, folder.resolve("data"))
                instanceof CommandLine.Parsed.Run run) {
            try (DataFolder data = DataFolder.lock(folder.resolve("data"))) {
                Logs.to(data.path());
                int port = MachineCheck.port(run.settings().listening().address(), 0);
                try (LocalStack stack =
                        LocalStack.start(
                                run.settings(), data, home, Progress.ofThisProcess(), port)) {
                    visit(stack.address());
                }
            }
        }
        delete(folder);
    }

    private static void visit(URI address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : PATHS) {
                send(client, HttpRequest.newBuilder(address.resolve(path)).GET().build());
            }
            HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"prompt\":{}}");
            send(client, HttpRequest.newBuilder(address.resolve("/prompt")).POST(body).build());
        }
    }

    private static void send(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + request.uri().getPath());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
