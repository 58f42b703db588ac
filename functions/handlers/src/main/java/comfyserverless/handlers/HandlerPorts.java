package comfyserverless.handlers;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.Uploads;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Reconcile;
import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.job.WebhookOutbox;
import comfyserverless.contract.mailbox.Mailbox;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.tenant.Housekeeping;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.handlers.auth.Door;
import comfyserverless.handlers.auth.Secrets;
import comfyserverless.handlers.extension.Extensions;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.pages.WebFiles;
import comfyserverless.handlers.socket.Greeter;
import comfyserverless.handlers.socket.Greetings;
import comfyserverless.handlers.socket.Pause;
import comfyserverless.handlers.webhook.WebhookPorts;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/// All that the handlers reach out to, built once at the start.
public final class HandlerPorts {
    private final Ports shared;
    private final Content content;
    private final Messages messages;
    private final Chance chance;
    private final HandlerSettings settings;
    private final Greeter greeter;
    private final Own own;

    /// What is shown.
    public record Content(Models models, Nodes nodes, WebFiles webFiles) {}

    /// The ways to sockets.
    ///
    /// @param statuses how many status messages this process may send to each socket
    public record Messages(Post post, Greetings greetings, StatusBudget statuses) {
        /// With a budget of its own.
        public Messages(Post post, Greetings greetings) {
            this(post, greetings, new StatusBudget(StatusBudget.DIRECT, System::nanoTime));
        }
    }

    /// What a test wants to hold in its hands.
    ///
    /// @param ids new canonical UUIDs
    /// @param pause lets a request wait
    public record Chance(Clock clock, Supplier<String> ids, Pause pause) {
        /// With pauses that last.
        public Chance(Clock clock, Supplier<String> ids) {
            this(clock, ids, Thread::sleep);
        }
    }

    /// What differs between deployments and tests, each with its standard.
    private record Own(UserFiles userFiles, Extensions extensions, WebhookPorts webhooks) {}

    /// Joins them.
    ///
    /// @param shared those that the runner uses too
    public HandlerPorts(
            Ports shared,
            Content content,
            Messages messages,
            Chance chance,
            HandlerSettings settings) {
        this(
                shared,
                content,
                messages,
                chance,
                settings,
                new Own(shared.userFiles(), Extensions.none(), WebhookPorts.NONE));
    }

    private HandlerPorts(
            Ports shared,
            Content content,
            Messages messages,
            Chance chance,
            HandlerSettings settings,
            Own own) {
        this.own = own;
        this.shared = shared;
        this.content = content;
        this.messages = messages;
        this.chance = chance;
        this.settings = settings;
        this.greeter = new Greeter(shared.jobs(), clients(shared), messages.post(), Thread::sleep);
    }

    private static Greeter.Clients clients(Ports shared) {
        return new Greeter.Clients(shared.connections(), shared.eventLog(), shared.missed());
    }

    /// Who is connected, what was told, and what was told in vain.
    public Greeter.Clients clients() {
        return clients(shared);
    }

    public Missed missed() {
        return shared.missed();
    }

    public Housekeeping housekeeping() {
        return shared.housekeeping();
    }

    public Reconcile reconcile() {
        return shared.reconcile();
    }

    /// How many status messages this process may send to each socket.
    public StatusBudget statusBudget() {
        return messages.statuses();
    }

    public HandlerSettings settings() {
        return settings;
    }

    /// The same ports for other settings.
    HandlerPorts withSettings(HandlerSettings other) {
        return new HandlerPorts(shared, content, messages, chance, other, own);
    }

    public Jobs jobs() {
        return shared.jobs();
    }

    public Tickets tickets() {
        return shared.tickets();
    }

    /// The tenants and their limits.
    public Accounts accounts() {
        return shared.accounts();
    }

    public FreeRequests freeRequests() {
        return shared.freeRequests();
    }

    public Files files() {
        return shared.files();
    }

    public Uploads uploads() {
        return shared.uploads();
    }

    public JobLog jobLog() {
        return shared.jobLog();
    }

    public UserFiles userFiles() {
        return own.userFiles();
    }

    /// With what users keep in another place.
    public HandlerPorts withUserFiles(UserFiles other) {
        return with(new Own(other, own.extensions(), own.webhooks()));
    }

    /// The packs that add routes.
    public Extensions extensions() {
        return own.extensions();
    }

    /// With packs that add routes.
    public HandlerPorts withExtensions(Extensions extensions) {
        return with(new Own(own.userFiles(), extensions, own.webhooks()));
    }

    /// The queues of webhooks, and whom they may call.
    public WebhookPorts webhooks() {
        return own.webhooks();
    }

    /// With queues of webhooks.
    public HandlerPorts withWebhooks(WebhookPorts webhooks) {
        return with(new Own(own.userFiles(), own.extensions(), webhooks));
    }

    /// Where jobs hand their webhooks over; empty where this process has no queue of them.
    public Optional<WebhookOutbox> webhookOutbox() {
        return own.webhooks().available()
                ? Optional.of(shared.webhookOutbox(own.webhooks().queue()))
                : Optional.empty();
    }

    /// The record of calls to webhooks.
    public Deliveries deliveries() {
        return shared.deliveries();
    }

    /// What tenants set for their webhooks.
    public WebhookSettings webhookSettings() {
        return shared.webhookSettings(Secrets::bytes);
    }

    private HandlerPorts with(Own other) {
        return new HandlerPorts(shared, content, messages, chance, settings, other);
    }

    /// The secrets that stand for callers.
    public Credentials credentials() {
        return shared.credentials(Secrets::fresh);
    }

    /// Where callers show who they are.
    Door door() {
        return new Door(
                settings.auth(),
                settings.tenant(),
                settings.trustedHosts(),
                credentials(),
                chance.clock());
    }

    public Mailbox mailbox() {
        return shared.mailbox();
    }

    public Connections connections() {
        return shared.connections();
    }

    public EventLog eventLog() {
        return shared.eventLog();
    }

    public Runners runners() {
        return shared.runners();
    }

    public Models models() {
        return content.models();
    }

    public Nodes nodes() {
        return content.nodes();
    }

    public WebFiles webFiles() {
        return content.webFiles();
    }

    public Post post() {
        return messages.post();
    }

    public Greetings greetings() {
        return messages.greetings();
    }

    /// Greets connections; one for all who may, so that a client is greeted once.
    public Greeter greeter() {
        return greeter;
    }

    public Clock clock() {
        return chance.clock();
    }

    public Pause pause() {
        return chance.pause();
    }

    public Supplier<String> ids() {
        return chance.ids();
    }
}
