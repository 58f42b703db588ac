package comfyserverless.runner.report;

import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.event.LogNews;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the report of each job.
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final Clock clock;
    private final Clients clients;
    private final Sending sending;
    private final LongSupplier nanos;

    /// Who is connected, what was told, what was told in vain, and what jobs write.
    public record Clients(Connections connections, EventLog log, Missed missed, JobLog written) {}

    /// How messages go out.
    ///
    /// @param statuses how many status messages each socket may get
    /// @param maxMessage the longest text message in bytes
    public record Sending(Sender sender, StatusBudget statuses, int maxMessage) {}

    /// Reports to these clients.
    ///
    /// @param nanos the monotonic clock
    public Reports(Clients clients, Sending sending, Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.clients = clients;
        this.sending = sending;
        this.nanos = nanos;
    }

    /// Writes into the log of a tenant's jobs. No job depends on it: what cannot be written is lost.
    public void note(String tenant, List<String> texts) {
        Post post = sending.sender().post();
        try {
            new LogNews(clients.written(), clients.connections(), post, clock).say(tenant, texts);
        } catch (UncheckedIOException e) {
            LOG.warn("cannot write into the log of {}", tenant, e);
        }
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
