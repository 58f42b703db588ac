package comfyserverless.runner.report;

import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Claim;
import java.util.function.LongSupplier;

/// Opens the report of each job.
public final class Reports {
    private final Clients clients;
    private final Sending sending;
    private final LongSupplier nanos;

    /// Who is connected, what was told, and what was told in vain.
    public record Clients(Connections connections, EventLog log, Missed missed) {}

    /// How messages go out.
    ///
    /// @param statuses how many status messages each socket may get
    /// @param maxMessage the longest text message in bytes
    public record Sending(Sender sender, StatusBudget statuses, int maxMessage) {}

    /// Reports to these clients.
    ///
    /// @param nanos the monotonic clock
    public Reports(Clients clients, Sending sending, LongSupplier nanos) {
        this.clients = clients;
        this.sending = sending;
        this.nanos = nanos;
    }

    public JobReport open(Claim claim, Lease lease) {
        Sender sender = sending.sender();
        Audience audience =
                new Audience(clients.connections(), sender, sending.statuses(), claim, nanos);
        Delivery delivery =
                new Delivery(clients.log(), claim, audience, new SizeGuard(sending.maxMessage()));
        Replay replay = new Replay(clients.log(), clients.missed(), sender.post());
        Farewell farewell =
                new Farewell(
                        audience,
                        delivery,
                        new Farewell.Away(clients.missed(), replay),
                        claim,
                        nanos);
        JobReport report = new JobReport(audience, delivery, farewell, lease, nanos);
        report.start("report-" + claim.key());
        return report;
    }
}
