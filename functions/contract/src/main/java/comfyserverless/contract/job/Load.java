package comfyserverless.contract.job;

import java.time.Duration;
import java.util.Map;

/// How much work there is and who is there for it, as a round of [Reconcile] found it.
///
/// @param tenants each tenant with work
/// @param runners how many runners reported lately
public record Load(Map<String, Work> tenants, int runners) {
    /// One tenant's jobs.
    ///
    /// @param pending jobs that wait
    /// @param running jobs that a runner holds
    /// @param waits since when the job that is next has been waiting
    public record Work(int pending, int running, Duration waits) {
        private Work plus(Work other) {
            return new Work(
                    pending + other.pending,
                    running + other.running,
                    waits.compareTo(other.waits) > 0 ? waits : other.waits);
        }
    }

    public Load {
        tenants = Map.copyOf(tenants);
    }

    /// All tenants together.
    public Work total() {
        return tenants.values().stream().reduce(new Work(0, 0, Duration.ZERO), Work::plus);
    }
}
