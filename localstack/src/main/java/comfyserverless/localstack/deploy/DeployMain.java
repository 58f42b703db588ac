package comfyserverless.localstack.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;

/// `localstack/deploy`: the stacks onto an emulator, and the file from which a runner starts for them.
public final class DeployMain {
    private DeployMain() {}

    /// Deploys, or says why not and ends with 1.
    ///
    /// @param arguments the project's folder, then the flags
    public static void main(String[] arguments) throws IOException {
        List<String> flags = List.of(arguments);
        if (flags.contains("--help")) {
            System.out.println(DeploySettings.USAGE);
            return;
        }
        try {
            DeploySettings settings =
                    DeploySettings.parse(flags.subList(1, flags.size()), Path.of(flags.getFirst()));
            try (Deployment deployment = new Deployment(settings.endpoint())) {
                Deployed deployed = deployment.deploy(settings, System.out::println);
                Files.createDirectories(settings.folder());
                Files.writeString(settings.environment(), shell(deployed));
                System.out.println("Routes    curl '" + deployed.http() + "/prompt'");
                System.out.println("Messages  " + deployed.sockets() + "?clientId=…");
                System.out.println(
                        "Admin     functions/admin/comfy-admin "
                                + String.join(" ", deployed.administered())
                                + " --help");
                System.out.println(
                        "Models    aws --endpoint-url %s s3 cp FILE s3://%s/_shared/checkpoints/"
                                .formatted(settings.endpoint(), deployed.names().modelsBucket()));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (SdkException e) {
            fail("The emulator refused or did not answer: " + e.getMessage());
        }
    }

    private static void fail(String sentence) {
        System.err.println(sentence);
        System.exit(1);
    }

    private static String shell(Deployed deployed) {
        return deployed.environment().entrySet().stream()
                .map(e -> "%s='%s'%n".formatted(e.getKey(), e.getValue()))
                .collect(Collectors.joining());
    }
}
