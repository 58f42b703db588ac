package comfyserverless.contract.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How many `status` messages a socket may get from one sender: 20 at once, then a steady rate. What a
/// sender leaves out here the stream handler makes up for with the last value.
public final class StatusBudget {
    /// So many at once.
    public static final int BURST = 20;

    /// What those who change the queue may send to one socket, messages a second. Together with the
    /// stream handler's half they stay at about one.
    public static final double DIRECT = 0.15;

    private static final int MOST_SOCKETS = 10_000;

    private final Map<String, TokenBucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                    return size() > MOST_SOCKETS;
                }
            };
    private final double perSecond;
    private final LongSupplier nanos;

    /// Budgets that begin full.
    ///
    /// @param perSecond the rate after the burst
    /// @param nanos the monotonic clock
    public StatusBudget(double perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    /// Whether this socket may get one more now.
    public synchronized boolean allows(Connection connection) {
        long now = nanos.getAsLong();
        return buckets.computeIfAbsent(
                        connection.connectionId(), _ -> new TokenBucket(BURST, perSecond, now))
                .take(now);
    }
}
