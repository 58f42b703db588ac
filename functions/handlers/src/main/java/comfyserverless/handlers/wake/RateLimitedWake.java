package comfyserverless.handlers.wake;

import static comfyserverless.contract.table.Change.set;
import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.below;

import comfyserverless.contract.job.RunnerCapacity;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes runners at most once in 30 s for the whole deployment: whoever may do so next is decided by one
/// conditional write of `Z#{pool}` / `0`. A wake that fails is only logged; scaling on the backlog starts
/// a runner a minute later all the same.
public final class RateLimitedWake implements Wake {
    static final Duration PAUSE = Duration.ofSeconds(30);
    private static final String AT = "at";
    private static final Logger LOG = LoggerFactory.getLogger(RateLimitedWake.class);

    private final Table table;
    private final Key key;
    private final RunnerCapacity capacity;
    private final Clock clock;
    private final Supplier<String> operations;
    private volatile Instant lastTried = Instant.EPOCH;

    /// @param operations fresh operation ids
    public RateLimitedWake(
            Table table,
            String pool,
            RunnerCapacity capacity,
            Clock clock,
            Supplier<String> operations) {
        this.table = table;
        this.key = new Key("Z#" + pool, "0");
        this.capacity = capacity;
        this.clock = clock;
        this.operations = operations;
    }

    @Override
    public void jobWaits() {
        Instant now = clock.instant();
        if (now.isBefore(lastTried.plus(PAUSE))) {
            return;
        }
        lastTried = now;
        try {
            if (isFirst(now)) {
                capacity.wake();
            }
        } catch (UncheckedIOException e) {
            LOG.warn("runners could not be woken", e);
        }
    }

    private boolean isFirst(Instant now) {
        long latest = now.minus(PAUSE).toEpochMilli() + 1;
        Write write =
                Write.update(
                        key,
                        any(absent(), below(AT, latest)),
                        operations.get(),
                        List.of(set(AT, now.toEpochMilli())));
        return table.write(write).done();
    }
}
