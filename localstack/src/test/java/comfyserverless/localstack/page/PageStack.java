package comfyserverless.localstack.page;

import comfyserverless.localstack.settings.CommandLine;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.localstack.stack.LocalStack;
import comfyserverless.localstack.start.DataFolder;
import comfyserverless.localstack.start.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A local stack with the small model on a free port, as `localstack/run` starts it.
record PageStack(LocalStack stack, DataFolder data) implements AutoCloseable {
    static PageStack start(Path folder, String... arguments) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> line = new ArrayList<>(List.of("--port", Integer.toString(port)));
        line.addAll(List.of(arguments));
        LocalSettings settings =
                switch (CommandLine.parse(line, folder, folder.resolve("data"))) {
                    case CommandLine.Parsed.Run(LocalSettings read) -> read;
                    case CommandLine.Parsed.Help help -> throw new AssertionError(help);
                    case CommandLine.Parsed.Refused refused -> throw new AssertionError(refused);
                };
        DataFolder data = DataFolder.lock(settings.folders().data());
        LocalStack stack =
                LocalStack.start(
                        settings,
                        data,
                        Path.of("").toAbsolutePath(),
                        new Progress(System.err, false),
                        port);
        return new PageStack(stack, data);
    }

    String address() {
        return stack.address().toString();
    }

    @Override
    public void close() {
        stack.close();
        data.close();
    }
}
