package comfyserverless.contract.job;

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
    public record Work(int pending, int running) {
        private Work plus(Work other) {
            return new Work(pending + other.pending, running + other.running);
        }
    }

    public Load {
        tenants = Map.copyOf(tenants);
    }

    /// All tenants together.
    public Work total() {
        return tenants.values().stream().reduce(new Work(0, 0), Work::plus);
    }
}
