package comfyserverless.infrastructure.doctor;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Why AWS did not answer a question, for a person.
final class Unanswered {
    private static final String NO_CREDENTIALS = "Unable to load credentials";

    private Unanswered() {}

    /// One line, without a full stop.
    static String reason(SdkException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(NO_CREDENTIALS)) {
            return "no credentials are known: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or sign in"
                    + " with aws sso login";
        }
        return failure instanceof AwsServiceException service
                ? Optional.ofNullable(service.awsErrorDetails())
                        .map(AwsErrorDetails::errorMessage)
                        .orElse(message)
                : message;
    }
}
