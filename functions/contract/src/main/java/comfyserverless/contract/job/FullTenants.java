package comfyserverless.contract.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The tenants whose items were seen to near the size limit of a partition, each for a minute: the
/// size is told with a write only, so now and then one has to be let through.
final class FullTenants {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Instant> until = new ConcurrentHashMap<>();

    FullTenants(Clock clock) {
        this.clock = clock;
    }

    void add(String tenant) {
        until.put(tenant, clock.instant().plus(REMEMBERED));
    }

    boolean contains(String tenant) {
        Instant end = until.get(tenant);
        return end != null && end.isAfter(clock.instant());
    }
}
