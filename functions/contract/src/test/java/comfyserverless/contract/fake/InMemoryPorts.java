package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Reconcile;
import comfyserverless.contract.result.Results;
import java.time.Clock;

/// All ports in memory, joined as production joins them.
public final class InMemoryPorts {
    private final InMemoryTable table;
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryTickets tickets;
    private final RecordingPost post = new RecordingPost(true);
    private final InMemoryModels models = new InMemoryModels();
    private final Ports ports;

    public InMemoryPorts(Clock clock, JobSettings settings) {
        this.table = new InMemoryTable(clock);
        this.tickets = new InMemoryTickets(clock);
        this.ports =
                new Ports(
                        new Ports.Stores(table, blobs, tickets),
                        settings,
                        new Ports.Chance(clock, new CountingIds(), round -> {}));
    }

    public InMemoryPorts(Clock clock) {
        this(clock, JobSettings.standard());
    }

    public InMemoryPorts() {
        this(Clock.systemUTC());
    }

    public Ports ports() {
        return ports;
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
        return ports.jobs();
    }

    public Claims claims() {
        return ports.claims();
    }

    public Reconcile reconcile() {
        return ports.reconcile();
    }

    public Files files() {
        return ports.files();
    }

    public Connections connections() {
        return ports.connections();
    }

    public Results results(long limit) {
        return ports.results(limit);
    }

    public EventLog eventLog() {
        return ports.eventLog();
    }

    public Catalogues catalogues() {
        return ports.catalogues();
    }

    public Runners runners() {
        return ports.runners();
    }
}
