package comfyserverless.handlers.file;

import com.fasterxml.jackson.databind.node.DecimalNode;
import java.math.BigDecimal;
import java.time.Instant;

/// Times as Python's `os.path.getmtime` gives them.
public final class UnixTime {
    private static final int MILLIS = 3;

    private UnixTime() {}

    /// Seconds since 1970 with a fraction, written without an exponent.
    public static DecimalNode seconds(Instant time) {
        return DecimalNode.valueOf(BigDecimal.valueOf(time.toEpochMilli(), MILLIS));
    }
}
