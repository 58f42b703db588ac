package comfyserverless.localstack.deploy;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What `localstack/deploy` was told.
///
/// @param endpoint where the emulator answers, of all services
/// @param inside the same, as its functions reach it
/// @param emulator which one it is
/// @param webhookLoopback whether webhooks may call the machine that the functions run on
/// @param root the project's folder, with the built templates and functions
public record DeploySettings(
        URI endpoint, URI inside, Emulator emulator, boolean webhookLoopback, Path root) {
    static final String USAGE =
            """
            localstack/deploy [--endpoint URL] [--inside URL] [--ministack] [--webhook-loopback] [--no-runner]
              --endpoint URL  where the emulator answers (http://127.0.0.1:4566)
              --inside URL    the same as functions reach it, where they run in containers (as --endpoint)
              --ministack     MiniStack, which has no Java runtime: the functions bring their own
              --webhook-loopback  webhooks may call the machine that the functions run on
              --no-runner     deploy and end; without it a runner takes jobs until Ctrl-C\
            """;

    /// Reads the flags.
    ///
    /// @throws IllegalArgumentException a sentence for whoever typed them
    static DeploySettings parse(List<String> arguments, Path root) {
        URI endpoint = URI.create("http://127.0.0.1:4566");
        URI inside = null;
        Emulator emulator = Emulator.LOCALSTACK;
        boolean loopback = false;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String flag = rest.removeFirst();
            switch (flag) {
                case "--endpoint" -> endpoint = address(flag, rest);
                case "--inside" -> inside = address(flag, rest);
                case "--webhook-loopback" -> loopback = true;
                case "--ministack" -> emulator = Emulator.MINISTACK;
                default -> throw new IllegalArgumentException("What is " + flag + "?\n" + USAGE);
            }
        }
        URI reached = inside == null ? endpoint : inside;
        return new DeploySettings(endpoint, reached, emulator, loopback, root);
    }

    private static URI address(String flag, Deque<String> rest) {
        String value = rest.pollFirst();
        if (value == null || !value.matches("https?://[^/]+")) {
            throw new IllegalArgumentException(
                    "%s needs an address like http://127.0.0.1:4566, not %s\n%s"
                            .formatted(flag, value, USAGE));
        }
        return URI.create(value);
    }

    /// The template of a stack, as the infrastructure module wrote it.
    Path template(String stack) {
        return root.resolve("infrastructure/target/cdk.out/" + stack + ".template.json");
    }

    /// Where the deployment leaves files.
    Path folder() {
        return root.resolve("localstack/target/deploy");
    }

    /// The file that gets a runner's environment.
    Path environment() {
        return folder().resolve("runner.env");
    }

    Path functions() {
        return root.resolve("functions/handlers/target/function.zip");
    }
}
