package comfyserverless.contract.fake;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.catalogue.TableCatalogues;
import comfyserverless.contract.catalogue.TableRunners;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.TableConnections;
import comfyserverless.contract.event.TableEventLog;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.TableFiles;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Reconcile;
import comfyserverless.contract.job.TableClaims;
import comfyserverless.contract.job.TableJobs;
import comfyserverless.contract.job.TableReconcile;
import java.time.Clock;
import java.util.function.Supplier;

/// All ports in memory, joined as production joins them: one table, one object store, one clock.
public final class InMemoryPorts {
    private final Clock clock;
    private final JobSettings settings;
    private final Supplier<String> ids = new CountingIds();
    private final InMemoryTable table;
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryTickets tickets;
    private final RecordingPost post = new RecordingPost(true);
    private final InMemoryModels models = new InMemoryModels();

    public InMemoryPorts(Clock clock, JobSettings settings) {
        this.clock = clock;
        this.settings = settings;
        this.table = new InMemoryTable(clock);
        this.tickets = new InMemoryTickets(clock);
    }

    public InMemoryPorts(Clock clock) {
        this(clock, JobSettings.standard());
    }

    public InMemoryPorts() {
        this(Clock.systemUTC());
    }

    public InMemoryTable table() {
        return table;
    }

    public InMemoryBlobs blobs() {
        return blobs;
    }

    public InMemoryTickets tickets() {
        return tickets;
    }

    public RecordingPost post() {
        return post;
    }

    public InMemoryModels models() {
        return models;
    }

    public Jobs jobs() {
        return new TableJobs(table, blobs, settings, clock, ids);
    }

    public Claims claims() {
        return new TableClaims(
                new TableClaims.Ports(table, blobs, connections()),
                settings,
                clock,
                ids,
                round -> {});
    }

    public Reconcile reconcile() {
        return new TableReconcile(
                new TableReconcile.Ports(table, blobs, tickets, runners()), settings, clock, ids);
    }

    public Files files() {
        return new TableFiles(table, blobs, clock, ids);
    }

    public Connections connections() {
        return new TableConnections(table, clock, ids);
    }

    public EventLog eventLog() {
        return new TableEventLog(table, clock);
    }

    public Catalogues catalogues() {
        return new TableCatalogues(table, blobs);
    }

    public Runners runners() {
        return new TableRunners(table, settings.pool(), clock);
    }
}
