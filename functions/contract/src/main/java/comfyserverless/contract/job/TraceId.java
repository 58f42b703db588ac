package comfyserverless.contract.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The id by which X-Ray and the logs of several processes know one request:
/// `1-58406520-a006649127e371903a2de979`.
public final class TraceId {
    /// The header of requests that says it, among other things: `Root=1-…;Parent=…;Sampled=1`.
    public static final String HEADER = "x-amzn-trace-id";

    private static final Pattern ROOT =
            Pattern.compile("(?:^|;)\\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\\s*(?:;|$)");

    private TraceId() {}

    /// The id in a header's text; empty where there is none, or something else.
    public static Optional<String> in(@Nullable String header) {
        Matcher root = ROOT.matcher(header == null ? "" : header);
        return root.find() ? Optional.of(root.group(1)) : Optional.empty();
    }
}
