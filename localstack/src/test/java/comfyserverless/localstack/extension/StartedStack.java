package comfyserverless.localstack.extension;

import comfyserverless.localstack.settings.CommandLine;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.localstack.stack.LocalStack;
import comfyserverless.localstack.start.DataFolder;
import comfyserverless.localstack.start.FreePort;
import comfyserverless.localstack.start.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The local stack in this process, on a free port and a data folder of its own.
public final class StartedStack implements AutoCloseable {
    private final DataFolder data;
    private final LocalStack stack;

    private StartedStack(DataFolder data, LocalStack stack) {
        this.data = data;
        this.stack = stack;
    }

    /// Starts it with these flags besides `--port` and `--data`.
    public static StartedStack start(Path folder, String... flags) throws IOException {
        int port = FreePort.find();
        List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port)));
        arguments.addAll(List.of(flags));
        LocalSettings settings =
                switch (CommandLine.parse(arguments, folder, folder.resolve("data"))) {
                    case CommandLine.Parsed.Run(LocalSettings read) -> read;
                    case CommandLine.Parsed.Help help -> throw new AssertionError(help);
                    case CommandLine.Parsed.Refused refused -> throw new AssertionError(refused);
                };
        DataFolder data = DataFolder.lock(settings.folders().data());
        try {
            Path home = Path.of("").toAbsolutePath();
            Progress progress = new Progress(System.err, false);
            return new StartedStack(data, LocalStack.start(settings, data, home, progress, port));
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    public URI address() {
        return stack.address();
    }

    public URI at(String path) {
        return stack.address().resolve(path);
    }

    /// The key that was made at the start, where callers must show one.
    public String firstKey() {
        return stack.firstKey().orElseThrow();
    }

    @Override
    public void close() {
        stack.close();
        data.close();
    }
}
