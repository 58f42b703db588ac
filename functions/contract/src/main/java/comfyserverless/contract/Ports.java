package comfyserverless.contract;

import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TableAccounts;
import comfyserverless.contract.account.TableCredentials;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.catalogue.TableCatalogues;
import comfyserverless.contract.catalogue.TableRunners;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.TableConnections;
import comfyserverless.contract.event.TableEventLog;
import comfyserverless.contract.event.TableJobLog;
import comfyserverless.contract.event.TableMissed;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.TableFiles;
import comfyserverless.contract.file.TableUploads;
import comfyserverless.contract.file.TableUserFiles;
import comfyserverless.contract.file.Uploads;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Pause;
import comfyserverless.contract.job.Reconcile;
import comfyserverless.contract.job.TableClaims;
import comfyserverless.contract.job.TableFreeRequests;
import comfyserverless.contract.job.TableJobs;
import comfyserverless.contract.job.TableReconcile;
import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.job.WebhookOutbox;
import comfyserverless.contract.mailbox.Mailbox;
import comfyserverless.contract.mailbox.TableMailbox;
import comfyserverless.contract.result.Results;
import comfyserverless.contract.result.TableResults;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.tenant.Export;
import comfyserverless.contract.tenant.Housekeeping;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.TableDeliveries;
import comfyserverless.contract.webhook.TableWebhookSettings;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/// The ports that functions and runner share, all on one table, one object store and one queue:
/// whatever these three are (AWS, emulators, maps in a test), the protocol on them is the same code.
public final class Ports {
    private final Stores stores;
    private final JobSettings settings;
    private final Chance chance;
    private final KnownLimits limits;

    /// What the ports stand on.
    public record Stores(Table table, Blobs blobs, Tickets tickets) {}

    /// What a test wants to hold in its hands.
    ///
    /// @param ids fresh ids, for operations and object names
    /// @param pause the wait after a lost race
    public record Chance(Clock clock, Supplier<String> ids, Pause pause) {}

    public Ports(Stores stores, JobSettings settings, Chance chance) {
        this(stores, settings, chance, Limits.none());
    }

    private Ports(Stores stores, JobSettings settings, Chance chance, Limits standard) {
        this.stores = stores;
        this.settings = settings;
        this.chance = chance;
        this.limits = new KnownLimits(stores.table(), chance.clock(), standard);
    }

    /// With limits for the tenants that have none of their own.
    public Ports withLimits(Limits standard) {
        return new Ports(stores, settings, chance, standard);
    }

    public Stores stores() {
        return stores;
    }

    public JobSettings settings() {
        return settings;
    }

    public Jobs jobs() {
        return new TableJobs(
                stores.table(), stores.blobs(), limits, settings, chance.clock(), chance.ids());
    }

    public Claims claims() {
        return new TableClaims(
                new TableClaims.Ports(stores.table(), stores.blobs(), connections(), limits),
                settings,
                chance.clock(),
                chance.ids(),
                chance.pause());
    }

    public Reconcile reconcile() {
        return new TableReconcile(
                new TableReconcile.Ports(
                        stores.table(),
                        stores.blobs(),
                        stores.tickets(),
                        runners(),
                        connections(),
                        limits),
                settings,
                chance.clock(),
                chance.ids());
    }

    public Tickets tickets() {
        return stores.tickets();
    }

    public FreeRequests freeRequests() {
        return new TableFreeRequests(stores.table());
    }

    public Files files() {
        return new TableFiles(stores.table(), stores.blobs(), chance.clock(), chance.ids(), limits);
    }

    public Uploads uploads() {
        return new TableUploads(stores.table(), stores.blobs(), chance.clock(), chance.ids());
    }

    public UserFiles userFiles() {
        return new TableUserFiles(stores.table(), stores.blobs(), chance.clock(), chance.ids());
    }

    public JobLog jobLog() {
        return new TableJobLog(stores.table(), chance.clock(), chance.ids());
    }

    public Connections connections() {
        return new TableConnections(stores.table(), chance.clock(), chance.ids());
    }

    public EventLog eventLog() {
        return new TableEventLog(stores.table(), chance.clock());
    }

    public Mailbox mailbox() {
        return new TableMailbox(stores.table(), jobs(), chance.clock());
    }

    public Missed missed() {
        return new TableMissed(stores.table(), chance.clock(), chance.ids());
    }

    /// The secrets that stand for callers.
    ///
    /// @param secrets fresh texts that nobody can guess
    public Credentials credentials(Supplier<String> secrets) {
        return new TableCredentials(stores.table(), chance.clock(), secrets);
    }

    /// The tenants and their limits.
    public Accounts accounts() {
        return new TableAccounts(stores.table(), chance.clock(), chance.ids(), limits);
    }

    /// What is done for tenants now and then.
    public Housekeeping housekeeping() {
        return housekeeping(Housekeeping.Bounds.STANDARD);
    }

    /// As [#housekeeping()], with rounds of another size.
    public Housekeeping housekeeping(Housekeeping.Bounds bounds) {
        return new Housekeeping(
                stores.table(),
                new Housekeeping.Ports(accounts(), jobs(), files()),
                chance.clock(),
                chance.ids(),
                bounds);
    }

    /// Takes out all that a tenant has.
    public Export export() {
        return new Export(
                new Export.Ports(
                        stores.table(),
                        accounts(),
                        jobs(),
                        files(),
                        userFiles(),
                        new Export.Webhooks(webhookSettings(Ports::noSecret), deliveries())),
                chance.clock());
    }

    /// An export makes no secret.
    private static byte[] noSecret() {
        throw new IllegalStateException("an export asked for the secret of a tenant");
    }

    /// Removes tenants for good.
    ///
    /// @param models empty where models are a folder of the machine
    /// @param sleep lets time pass
    public Removal removal(Optional<Removal.Models> models, Removal.Sleep sleep) {
        return new Removal(
                new Removal.Ports(
                        stores.table(),
                        stores.blobs(),
                        accounts(),
                        jobs(),
                        connections(),
                        settings),
                models,
                new Removal.Chance(chance.clock(), chance.ids(), sleep));
    }

    public Catalogues catalogues() {
        return new TableCatalogues(stores.table(), stores.blobs());
    }

    /// Those of functions, whose current one is as old as `recent` allows.
    public Catalogues catalogues(RecentItems recent) {
        return new TableCatalogues(stores.table(), stores.blobs(), recent);
    }

    /// The results that a tenant's runners share.
    ///
    /// @param limit how many bytes are kept of each tenant's results that has no such limit of its own
    public Results results(long limit) {
        return new TableResults(
                stores.table(),
                stores.blobs(),
                chance.clock(),
                tenant -> limits.of(tenant).find(Limit.RESULTS).orElse(limit));
    }

    /// Hands webhooks over to this queue.
    public WebhookOutbox webhookOutbox(WebhookQueue queue) {
        return new WebhookOutbox(stores.table(), settings, chance.ids(), queue);
    }

    /// The record of calls to webhooks.
    public Deliveries deliveries() {
        return new TableDeliveries(stores.table(), chance.clock(), chance.ids());
    }

    /// What tenants set for their webhooks.
    ///
    /// @param random fresh bytes that nobody can guess, 24 to 64
    public WebhookSettings webhookSettings(Supplier<byte[]> random) {
        return new TableWebhookSettings(stores.table(), chance.clock(), chance.ids(), random);
    }

    public Runners runners() {
        return new TableRunners(stores.table(), settings.pool(), chance.clock());
    }
}
