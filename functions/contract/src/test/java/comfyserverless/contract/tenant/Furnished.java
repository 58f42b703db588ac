package comfyserverless.contract.tenant;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Uploads;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.contract.webhook.WebhookTask;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Gives a tenant something of everything that there is.
final class Furnished {
    static final WebhookTarget HOOK =
            new WebhookTarget(URI.create("https://example.com/hook?token=hush"), WebhookEvent.ENDS);

    private final Ports ports;
    private final Removal.Models models;
    private final Instant now;

    Furnished(Ports ports, Removal.Models models, Instant now) {
        this.ports = ports;
        this.models = models;
        this.now = now;
    }

    /// Some of what the tenant has then.
    ///
    /// @param secret of its key
    /// @param running its job that a runner is at
    record Some(String secret, Claim running) {}

    Some furnish(String tenant, Path folder) throws IOException {
        ports.accounts().create(tenant, Limits.parse("running=3"));
        Claim running = jobs(tenant, folder);
        files(tenant);
        sockets(tenant);
        models(tenant);
        webhooks(tenant);
        Credentials credentials = ports.credentials(() -> UUID.randomUUID().toString());
        Identity identity = new Identity(tenant, "anna", false);
        credentials.issue(Credentials.Kind.SESSION, identity, "", Duration.ofHours(1));
        return new Some(
                credentials.issue(Credentials.Kind.KEY, identity, "script", null).secret(),
                running);
    }

    /// The address of the tenant, its secret, a call that was made, and what a prompt brought.
    private void webhooks(String tenant) {
        byte[] secret = new byte[32];
        new Random(tenant.hashCode()).nextBytes(secret);
        WebhookSettings settings = ports.webhookSettings(() -> secret);
        settings.setTarget(tenant, HOOK);
        settings.secrets(tenant);
        WebhookTask task =
                new WebhookTask(
                        tenant,
                        "ended",
                        "body",
                        Hook.Source.TENANT,
                        WebhookEvent.COMPLETED,
                        1,
                        now);
        Deliveries.Turn turn =
                ports.deliveries()
                        .begin(task, Duration.ofSeconds(45), () -> "{\"type\":\"job.completed\"}");
        ports.deliveries()
                .end(((Deliveries.Turn.Try) turn).delivery(), Delivery.State.DELIVERED, "204");
    }

    private Claim jobs(String tenant, Path folder) throws IOException {
        JobKey deleted = new JobKey(tenant, "deleted");
        ports.jobs().enqueue(SampleJobs.job(deleted, 1));
        ports.jobs().deletePending(deleted);
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, "ended"), 1, "client"));
        Claim claim = claim(tenant);
        ports.claims().start(claim);
        Path picture = java.nio.file.Files.writeString(folder.resolve(tenant), "pixels");
        ports.files().putOutput(claim, new FileRef(FileType.OUTPUT, "sub", "a.png"), picture);
        ports.files().putOutput(claim, new FileRef(FileType.TEMP, "", "t.png"), picture);
        ports.files().nextCounter(tenant, FileType.OUTPUT, "sub", "a");
        ports.eventLog().append(claim.key(), claim.fence(), new EventLog.Logged(1, "{}"));
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, "running"), 2, "client"));
        Claim running = claim(tenant);
        ports.claims().start(running);
        ports.mailbox().send(tenant, Letter.toNode("1", Json.object()));
        ports.mailbox().send(tenant, Letter.toClass("PreviewAny", Json.object()));
        ports.jobs()
                .enqueue(
                        SampleJobs.job(new JobKey(tenant, "waiting"), 3, "client")
                                .withWebhook(HOOK));
        ports.freeRequests();
        ports.jobLog().append(tenant, List.of(new JobLog.Line(now, "a line")));
        ports.missed().add(tenant, "client", "ended");
        ports.results(1 << 20).keep(tenant, "small", new byte[10]);
        ports.results(1 << 20).keep(tenant, "large", new byte[100_000]);
        return running;
    }

    /// Of all tenants with work this one's job is taken. The others' are held until then, since a claim looks for
    /// whoever has waited longest and a clock that stands still would name the same one again.
    private Claim claim(String tenant) {
        List<Claim> others = new ArrayList<>();
        Claim claim = ports.claims().claim("runner").orElseThrow();
        while (!claim.key().tenant().equals(tenant)) {
            others.add(claim);
            claim = ports.claims().claim("runner").orElseThrow();
        }
        others.forEach(ports.claims()::giveBack);
        return claim;
    }

    private void files(String tenant) {
        byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
        ports.files().put(tenant, new FileRef(FileType.INPUT, "", "in.png"), bytes);
        ports.files().put(tenant, new FileRef(FileType.INPUT, "a/b", "in.png"), bytes);
        byte[] large = new byte[400_000];
        new Random(1).nextBytes(large);
        for (String user : List.of("default", "anna b", ".users")) {
            UserFiles.User owner = new UserFiles.User(tenant, user);
            ports.userFiles().write(owner, "workflows/a.json", bytes);
            ports.userFiles().write(owner, "large.bin", large);
        }
        Uploads.Opened upload =
                ports.uploads().open(new Uploads.Owner(tenant, "default"), 5, "0".repeat(64));
        ports.stores().blobs().put("quarantine/" + upload.id(), bytes);
    }

    private void sockets(String tenant) {
        ports.connections()
                .connected(
                        new Connection(
                                tenant, "client", "socket-" + tenant, now, Json.object(), true));
    }

    private void models(String tenant) {
        ModelStore.Place place = new ModelStore.Place(tenant, "loras", "own.safetensors");
        byte[] weights = "weights".getBytes(StandardCharsets.UTF_8);
        ModelStore.Upload upload = models.store().upload(place, weights.length);
        upload.put(1, weights);
        StoredModel stored = upload.complete();
        models.index().put(tenant, stored, List::of);
    }
}
