package comfyserverless.contract.metric;

/// What is measured of a deployment, by its metric's name in [#NAMESPACE]. Who writes one and who alarms on
/// it take the name from here.
public enum Measure {
    /// Jobs that wait; written each minute by the reconciler.
    PENDING("Pending", Unit.COUNT),
    /// Jobs that a runner holds.
    RUNNING("Running", Unit.COUNT),
    /// Those that run, and of those that wait as many as their tenants may run besides: what the number of runners
    /// follows.
    BACKLOG("Backlog", Unit.COUNT),
    /// Runners that reported lately.
    RUNNERS("Runners", Unit.COUNT),
    /// Runners that have nothing to do: all of them while no job runs and none that waits may, else 0. What stops
    /// them.
    IDLE_RUNNERS("IdleRunners", Unit.COUNT),
    /// 1 while jobs wait that may run and no runner is alive, else 0.
    WAITING_WITHOUT_RUNNER("WaitingWithoutRunner", Unit.COUNT),
    /// Jobs whose runner did not renew its lease.
    LOST_LEASES("LostLeases", Unit.COUNT),
    /// How long the job that is next has waited; 0 where none waits. The deployment's is that of tenants that may
    /// run more.
    OLDEST_WAITING("OldestWaiting", Unit.SECONDS),
    /// Jobs that ended, however they did; written by their runner.
    JOBS_ENDED("JobsEnded", Unit.COUNT),
    /// Those that ended by an error.
    JOBS_FAILED("JobsFailed", Unit.COUNT),
    /// From a job's acceptance to its runner's claim.
    WAIT_SECONDS("WaitSeconds", Unit.SECONDS),
    /// From the claim to the end.
    RUN_SECONDS("RunSeconds", Unit.SECONDS);

    /// Where the metrics are.
    public static final String NAMESPACE = "ComfyServerless";

    /// The dimension that tells one deployment of an account from another: its prefix.
    public static final String DEPLOYMENT = "Deployment";

    /// The second dimension, of a tenant's own.
    public static final String TENANT = "Tenant";

    /// As the metrics' service spells it.
    enum Unit {
        COUNT("Count"),
        SECONDS("Seconds");

        private final String word;

        Unit(String word) {
            this.word = word;
        }
    }

    private final String metric;
    private final Unit unit;

    Measure(String metric, Unit unit) {
        this.metric = metric;
        this.unit = unit;
    }

    /// The metric's name.
    public String metric() {
        return metric;
    }

    String unit() {
        return unit.word;
    }
}
