package comfyserverless.runner.report;

import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.job.Claim;
import java.util.function.LongSupplier;

/// Opens the report of each job.
public final class Reports {
    private final Connections connections;
    private final EventLog log;
    private final Sender sender;
    private final int maxMessage;
    private final LongSupplier nanos;

    /// @param maxMessage the longest text message in bytes
    /// @param nanos the monotonic clock
    public Reports(
            Connections connections,
            EventLog log,
            Sender sender,
            int maxMessage,
            LongSupplier nanos) {
        this.connections = connections;
        this.log = log;
        this.sender = sender;
        this.maxMessage = maxMessage;
        this.nanos = nanos;
    }

    public JobReport open(Claim claim, Lease lease) {
        Audience audience = new Audience(connections, sender, claim);
        Delivery delivery = new Delivery(log, claim, audience, new SizeGuard(maxMessage));
        JobReport report = new JobReport(audience, delivery, lease, nanos);
        report.start("report-" + claim.key());
        return report;
    }
}
