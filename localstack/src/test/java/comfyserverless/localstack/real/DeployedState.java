package comfyserverless.localstack.real;

import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.deploy.Deployment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/// Deploys the template of the State stack, as the infrastructure module wrote it.
final class DeployedState {
    private static final Path TEMPLATE =
            Path.of("..", "infrastructure", "target", "cdk.out", "comfy-state.template.json");
    private static final String NO_TEMPLATE =
            "no " + TEMPLATE + ": build infrastructure with Node.js first, which writes it";

    private DeployedState() {}

    /// The names that the stack gave.
    static AwsSettings.Names on(URI endpoint) throws IOException {
        Assumptions.assumeTrue(Files.exists(TEMPLATE), NO_TEMPLATE);
        try (Deployment deployment = new Deployment(endpoint)) {
            return deployment.state("state-" + UUID.randomUUID(), TEMPLATE);
        }
    }
}
