package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.Reconcile;
import comfyserverless.contract.job.Reconciled;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.tenant.Housekeeping;
import comfyserverless.handlers.metrics.RoundMetrics;
import comfyserverless.handlers.queue.EndedJobs;
import comfyserverless.handlers.queue.KeepAlive;
import comfyserverless.handlers.queue.QueueNews;
import comfyserverless.handlers.webhook.WebhookNews;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The Lambda that the clock calls each minute, and the queue of tickets that nobody could use: expires
/// lost leases, sweeps marks, repairs tickets, tells clients of the jobs that ended by it, hands over webhooks, keeps
/// sockets alive, removes what tenants no longer keep, closes the sockets of those that are being deleted, and looks for
/// models that were put into the bucket by hand.
public final class ReconcileEntry implements RequestStreamHandler {
    private final Reconcile reconcile;
    private final EndedJobs ended;
    private final WebhookNews webhooks;
    private final KeepAlive sockets;
    private final Models models;
    private final Connections connections;
    private final Post post;
    private final Housekeeping housekeeping;
    private final Consumer<Reconciled> metrics;

    /// As Lambda starts it: wired from the environment.
    public ReconcileEntry() {
        this(Wiring.fromEnvironment(), System.getenv("COMFY_DEPLOYMENT"));
    }

    private ReconcileEntry(HandlerPorts ports, @Nullable String deployment) {
        this(
                ports,
                ports.reconcile(),
                deployment == null ? _ -> {} : metrics(deployment, ports.clock()));
    }

    public ReconcileEntry(HandlerPorts ports) {
        this(ports, ports.reconcile());
    }

    /// With another reconciler, for example one whose clock is ahead.
    public ReconcileEntry(HandlerPorts ports, Reconcile reconcile) {
        this(ports, reconcile, _ -> {});
    }

    private ReconcileEntry(HandlerPorts ports, Reconcile reconcile, Consumer<Reconciled> metrics) {
        this.metrics = metrics;
        this.models = ports.models();
        this.webhooks = new WebhookNews(ports.webhookOutbox(), ports.clock());
        this.connections = ports.connections();
        this.post = ports.post();
        this.housekeeping = ports.housekeeping();
        this.reconcile = reconcile;
        QueueNews news = Endpoints.news(ports);
        this.ended = new EndedJobs(ports.jobs(), ports.clients(), ports.post(), news);
        this.sockets = new KeepAlive(ports.jobs(), ports.connections(), news, ports.clock());
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        in.readAllBytes();
        Reconciled done = run();
        out.write(
                Json.writeBytes(
                        Json.object()
                                .put("requeued", done.requeued().size())
                                .put("ended", done.ended().size())));
    }

    public Reconciled run() {
        Reconciled done = reconcile.run();
        ended.tell(done.ended());
        webhooks.sweep(done.load().tenants().keySet());
        metrics.accept(done);
        sockets.run();
        housekeeping.run(done.load().tenants().keySet()).closing().forEach(this::disconnect);
        models.refresh();
        return done;
    }

    /// Closes the sockets of a tenant that is being deleted, those among them that a newer one of the same client has
    /// taken the place of.
    private void disconnect(String tenant) {
        for (int slot = 0; slot < Connections.KEEP_ALIVE_SLOTS; slot++) {
            for (Connection connection : connections.keepAlive(slot)) {
                if (connection.tenant().equals(tenant)) {
                    post.disconnect(connection.connectionId());
                    connections.disconnected(connection.connectionId());
                }
            }
        }
    }

    /// Metrics are lines of the function's log, which is what it prints.
    private static Consumer<Reconciled> metrics(String deployment, Clock clock) {
        return round ->
                RoundMetrics.of(round, deployment, clock.instant())
                        .forEach(line -> System.out.println(line.text()));
    }
}
