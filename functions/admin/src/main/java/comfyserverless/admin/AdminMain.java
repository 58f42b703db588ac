package comfyserverless.admin;

import comfyserverless.admin.target.Targets;
import java.io.Console;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `comfy-admin`: tenants, keys, models and webhooks of a deployment or of a running local stack.
public final class AdminMain {
    private AdminMain() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    /// Runs a command with this process's environment.
    ///
    /// @return the exit code
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Path data = Path.of(System.getProperty("comfy.data", "localstack/data"));
        Surroundings around =
                new Surroundings(
                        new Targets(System.getenv(), data)::open,
                        System.getenv(),
                        InstantSource.system(),
                        out,
                        err,
                        Optional.ofNullable(System.console())
                                .filter(Console::isTerminal)
                                .isPresent(),
                        AdminMain::typed,
                        AdminMain::sleep);
        return ComfyAdmin.run(around, arguments);
    }

    private static @Nullable String typed() {
        return Optional.ofNullable(System.console()).map(Console::readLine).orElse(null);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("it was interrupted"));
        }
    }
}
