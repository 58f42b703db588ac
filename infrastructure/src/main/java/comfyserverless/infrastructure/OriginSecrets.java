package comfyserverless.infrastructure;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/// What CloudFront shows to the functions so that nobody goes around it. To change it, deploy with the
/// next generation: CloudFront sends the new one, the functions take the last two meanwhile.
final class OriginSecrets extends Construct {
    /// One more than the functions read, so that no value goes that a stack still imports.
    private static final int KEPT = 3;

    private static final int ACCEPTED = 2;
    private static final int LENGTH = 48;

    private final List<Secret> newestFirst = new ArrayList<>();

    OriginSecrets(Construct scope, int generation) {
        super(scope, "OriginSecrets");
        for (int i = generation; i > Math.max(0, generation - KEPT); i--) {
            newestFirst.add(
                    Secret.Builder.create(this, "Generation" + i)
                            .description("Sent by CloudFront with each request, generation " + i)
                            .generateSecretString(
                                    SecretStringGenerator.builder()
                                            .passwordLength(LENGTH)
                                            .excludePunctuation(true)
                                            .build())
                            .build());
        }
    }

    /// The value that CloudFront sends, as a reference that CloudFormation resolves at deployment: it
    /// stands in no template.
    String sent() {
        return value(newestFirst.getFirst());
    }

    /// The values that the functions accept, joined by commas.
    String accepted() {
        return String.join(
                ",", newestFirst.stream().limit(ACCEPTED).map(OriginSecrets::value).toList());
    }

    private static String value(Secret secret) {
        return secret.getSecretValue().unsafeUnwrap();
    }
}
