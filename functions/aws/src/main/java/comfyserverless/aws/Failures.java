package comfyserverless.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/// Turns what a service could not answer (after the SDK's own retries) into the
/// [UncheckedIOException] that the ports speak of.
public final class Failures {
    private Failures() {}

    /// Calls and translates.
    ///
    /// @param what the operation and its object, for the message
    public static <T> T translated(Supplier<String> what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failure(what.get(), e);
        }
    }

    public static UncheckedIOException failure(String what, SdkException e) {
        return new UncheckedIOException(new IOException(what + ": " + e.getMessage(), e));
    }
}
