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
    /// @param ready how many of them may run as soon as there are runners: a tenant may have only so many at once, a client
    ///     with a socket one
    /// @param running jobs that a runner holds
    /// @param waits since when the job that is next has been waiting
    public record Work(int pending, int ready, int running, Duration waits) {
        private Work plus(Work other) {
            return new Work(
                    pending + other.pending,
                    ready + other.ready,
                    running + other.running,
                    waits.compareTo(other.waits) > 0 ? waits : other.waits);
        }

        /// As the deployment sees it: nobody else is to blame for what waits for its own tenant's jobs.
        private Work ofDeployment() {
            return ready > 0 ? this : new Work(pending, 0, running, Duration.ZERO);
        }
    }

    public Load {
        tenants = Map.copyOf(tenants);
    }

    /// All tenants together; what waits is as old as the oldest that may run.
    public Work total() {
        return tenants.values().stream()
                .map(Work::ofDeployment)
                .reduce(new Work(0, 0, 0, Duration.ZERO), Work::plus);
    }
}
