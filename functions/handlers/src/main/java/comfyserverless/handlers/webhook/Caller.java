package comfyserverless.handlers.webhook;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Makes a call.
@FunctionalInterface
public interface Caller {
    /// What the receiver said.
    ///
    /// @param retryAfter the header of that name as sent, or empty
    record Answer(int status, String retryAfter) {}

    /// POSTs.
    ///
    /// @throws IOException if there was no answer, or the address is not called; its message may be shown
    Answer post(URI url, Map<String, String> headers, byte[] body) throws IOException;
}
