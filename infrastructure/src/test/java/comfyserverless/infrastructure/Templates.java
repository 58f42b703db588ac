package comfyserverless.infrastructure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;

/// The templates of a deployment, synthesised once for all tests of this JVM; skips the test, with the
/// reason, where no Node.js is.
final class Templates {
    /// What most choose.
    static final Map<String, Object> PLAIN = Map.of();

    /// Everything that can be chosen otherwise.
    static final Map<String, Object> FULL =
            Map.ofEntries(
                    Map.entry("prefix", "team"),
                    Map.entry("managedInstances", "true"),
                    Map.entry("waf", "true"),
                    Map.entry("webRoot", "src/test/resources/page"),
                    Map.entry("domain", "comfy.example.org"),
                    Map.entry(
                            "certificate",
                            "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"),
                    Map.entry("email", "somebody@example.org"),
                    Map.entry("secretGeneration", "4"),
                    Map.entry("socketLogs", "true"),
                    Map.entry("maxRunners", "30"));

    /// Bought on the spot market, with an image that exists.
    static final Map<String, Object> SPOT =
            Map.of("spot", "true", "runnerImage", "registry.example.org/runner:1");

    static final List<String> STACKS = List.of("state", "api", "web", "runner", "watch", "budget");

    private static final Map<Map<String, Object>, App> MADE = new ConcurrentHashMap<>();

    private Templates() {}

    static Template of(Map<String, Object> context, String stack) {
        assumeTrue(Node.find(System.getenv()).isPresent(), Node.MISSING);
        App app = MADE.computeIfAbsent(context, Templates::synthesise);
        String prefix = context.getOrDefault("prefix", "comfy").toString();
        return Template.fromStack((Stack) app.getNode().findChild(prefix + "-" + stack));
    }

    private static App synthesise(Map<String, Object> context) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "templates"));
            return Synthesis.synthesise(Files.createTempDirectory(folder, "cdk"), context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
