package comfyserverless.admin.report;

import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/// Why a command does nothing, as a sentence for its user.
public final class Refusal extends RuntimeException {
    private static final Pattern OF_THE_SDK =
            Pattern.compile(" \\((Service: |SDK Attempt Count: )[^)]*\\)");

    private static final Pattern NO_CREDENTIALS =
            Pattern.compile(
                    "Unable to load credentials from any of the providers.*", Pattern.DOTALL);

    private static final String WANTED =
            "no credentials are known: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, give --profile, or sign in"
                    + " with aws sso login";

    /// @param sentence says what, with which value, and what to do
    public Refusal(String sentence) {
        super(sentence);
    }

    /// As [#Refusal(String)], with what led to it.
    public Refusal(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /// What lies at the bottom of a failure, without the exceptions around it and what AWS's SDK adds for its authors.
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof UncheckedIOException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        String said = OF_THE_SDK.matcher(message).replaceAll("");
        return NO_CREDENTIALS.matcher(said).replaceFirst(WANTED);
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
