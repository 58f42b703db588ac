package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls a function once or more while it starts, before the snapshot that later starts begin from is
/// taken: the classes are loaded and the ways to the stores are warm in all of them. Elsewhere it does
/// nothing.
final class Priming {
    /// Nobody's name.
    static final String TENANT = "priming";

    /// Nobody's key, which looks like one: others cost no read.
    static final String KEY = "csk_priming";

    private static final String SNAPSHOT = "snap-start";
    private static final Logger LOG = LoggerFactory.getLogger(Priming.class);

    private Priming() {}

    /// Whether a snapshot is taken of this start.
    static boolean isWanted(Map<String, String> environment) {
        return SNAPSHOT.equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
    }

    /// @param events answered for nobody, JSON
    static void of(
            RequestStreamHandler function, Map<String, String> environment, String... events) {
        if (isWanted(environment)) {
            call(function, events);
        }
    }

    static void call(RequestStreamHandler function, String... events) {
        for (String event : events) {
            try {
                function.handleRequest(
                        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                        OutputStream.nullOutputStream(),
                        null);
            } catch (IOException | RuntimeException e) {
                // A start must not fail for it; the first request is only slower then.
                LOG.warn("priming with {} failed", event, e);
            }
        }
    }
}
