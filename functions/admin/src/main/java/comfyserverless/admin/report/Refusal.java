package comfyserverless.admin.report;

import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;

/// Why a command does nothing, as a sentence for its user.
public final class Refusal extends RuntimeException {
    /// @param sentence says what, with which value, and what to do
    public Refusal(String sentence) {
        super(sentence);
    }

    /// As [#Refusal(String)], with what led to it.
    public Refusal(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /// What lies at the bottom of a failure, without the exceptions around it.
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof UncheckedIOException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
