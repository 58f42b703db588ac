package comfyserverless.localstack.reliability;

import comfyserverless.contract.job.JobSettings;
import java.time.Duration;

/// The protocol's numbers with leases that a test can wait for.
final class BriefLease {
    private static final Duration GRACE = Duration.ofMillis(500);

    private BriefLease() {}

    static JobSettings of(Duration lease) {
        JobSettings standard = JobSettings.standard();
        return new JobSettings(
                standard.pool(),
                lease,
                GRACE,
                standard.tombstone(),
                standard.idleTenant(),
                standard.parallelPerClient());
    }
}
