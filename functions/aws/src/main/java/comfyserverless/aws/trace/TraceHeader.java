package comfyserverless.aws.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which trace an invocation belongs to, as Lambda says it: `Root=1-…;Parent=…;Sampled=1`.
///
/// @param parent the segment of the function itself
record TraceHeader(String trace, String parent) {
    /// Empty where there is none, or where this invocation is not sampled.
    static Optional<TraceHeader> parse(@Nullable String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : (text == null ? "" : text).split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        String trace = parts.get("Root");
        String parent = parts.get("Parent");
        boolean sampled = "1".equals(parts.get("Sampled"));
        return trace == null || parent == null || !sampled
                ? Optional.empty()
                : Optional.of(new TraceHeader(trace, parent));
    }
}
