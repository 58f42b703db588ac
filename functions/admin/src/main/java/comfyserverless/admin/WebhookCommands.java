package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookSecret;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.contract.webhook.WebhookTarget;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `webhooks`: whom a tenant's jobs call, signed with what, and what became of the calls.
@Command(
        name = "webhooks",
        description = "Calls that tell a tenant's own server how its jobs ended.",
        mixinStandardHelpOptions = true)
final class WebhookCommands {
    private final Session session;

    WebhookCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the address that hears of a tenant's jobs.")
    int show(@Mixin TenantOption whose) {
        String tenant = whose.name();
        try (Deployment deployment = session.open()) {
            Optional<WebhookTarget> target = deployment.webhookSettings().target(tenant);
            session.report()
                    .result(
                            json(tenant, target.orElse(null)),
                            target.map(set -> set.url() + "  " + words(set.events()))
                                    .orElse("No webhook: only jobs that bring one call anybody."));
            return 0;
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Sets the address that hears of each job that a tenant queues from now on and that brings none of"
                            + " its own.")
    int set(
            @Parameters(paramLabel = "URL", description = "https://…, of a host of the internet")
                    String url,
            @Option(
                            names = "--events",
                            split = ",",
                            defaultValue = "completed,failed,cancelled",
                            description =
                                    "of what: started, completed, failed, cancelled"
                                            + " (${DEFAULT-VALUE})")
                    List<String> events,
            @Mixin TenantOption whose) {
        String tenant = whose.name();
        Set<WebhookEvent> chosen = events(events);
        try (Deployment deployment = session.open()) {
            WebhookTarget target =
                    new WebhookTarget(address(deployment.webhookAddresses(), url), chosen);
            deployment.webhookSettings().setTarget(tenant, target);
            session.report()
                    .result(
                            json(tenant, target),
                            "Jobs of " + tenant + " call it: " + words(chosen) + ".");
            session.report()
                    .note(
                            "Its server checks the calls with the secret that webhooks secret --tenant "
                                    + tenant
                                    + " prints.");
            return 0;
        }
    }

    private static URI address(WebhookAddresses addresses, String url) {
        try {
            return addresses.read(url);
        } catch (WebhookAddresses.Refused e) {
            throw new IllegalArgumentException(
                    url
                            + " cannot be called: "
                            + e.getMessage()
                            + (isOfThisMachine(url)
                                    ? "; only a local stack that was started with --webhook-loopback"
                                            + " calls this machine."
                                    : ""),
                    e);
        }
    }

    private static boolean isOfThisMachine(String url) {
        try {
            new WebhookAddresses(true).read(url);
            return true;
        } catch (WebhookAddresses.Refused e) {
            return false;
        }
    }

    private static Set<WebhookEvent> events(List<String> words) {
        Set<WebhookEvent> events = EnumSet.noneOf(WebhookEvent.class);
        for (String word : words) {
            events.add(
                    WebhookEvent.named(word.strip())
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "--events "
                                                    + word
                                                    + ": there are "
                                                    + words(EnumSet.allOf(WebhookEvent.class)))));
        }
        return events;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description =
                    "Forgets a tenant's address; what its jobs still had to tell it is dropped.")
    int remove(@Mixin TenantOption whose) {
        String tenant = whose.name();
        try (Deployment deployment = session.open()) {
            boolean removed = deployment.webhookSettings().removeTarget(tenant);
            session.report()
                    .result(
                            Json.object().put("tenant", tenant).put("removed", removed),
                            removed ? "Removed." : "There was none.");
            return 0;
        }
    }

    @Command(
            name = "secret",
            mixinStandardHelpOptions = true,
            description =
                    "Prints the secret that a tenant's calls are signed with (Standard Webhooks); it is made when it"
                            + " is asked for the first time.")
    int secret(
            @Option(
                            names = "--rotate",
                            description =
                                    "makes a new one; the last one signs as well for a day more")
                    boolean rotate,
            @Mixin TenantOption whose) {
        String tenant = whose.name();
        try (Deployment deployment = session.open()) {
            WebhookSettings settings = deployment.webhookSettings();
            WebhookSettings.Secrets secrets =
                    rotate ? settings.rotate(tenant) : settings.secrets(tenant);
            ObjectNode json =
                    Json.object().put("tenant", tenant).put("secret", secrets.current().text());
            List<WebhookSecret> signing = secrets.signing(session.clock().instant());
            if (signing.size() > 1) {
                String until = String.valueOf(secrets.until());
                json.put("previous", signing.getLast().text()).put("previous_until", until);
                session.report().note("The one before signs as well until " + until + ".");
            }
            session.report().result(json, secrets.current().text());
            return 0;
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists a tenant's calls of the last 30 days, the newest job first.")
    int list(
            @Option(names = "--failed", description = "only those that were given up")
                    boolean failed,
            @Option(
                            names = "--most",
                            defaultValue = "100",
                            description = "how many calls to look at (${DEFAULT-VALUE})")
                    int most,
            @Mixin TenantOption whose) {
        String tenant = whose.name();
        if (most < 1) {
            throw new IllegalArgumentException("--most " + most + ": look at one or more.");
        }
        try (Deployment deployment = session.open()) {
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("deliveries");
            Lines lines = new Lines("ID", "EVENT", "PROMPT", "STATE", "TRIES", "LAST TRY", "MET");
            for (Delivery delivery : deployment.deliveries().list(tenant, most)) {
                if (!failed || delivery.state() == Delivery.State.FAILED) {
                    add(list.addObject(), delivery);
                    lines.row(
                            delivery.id(),
                            delivery.task().event().word(),
                            delivery.task().promptId(),
                            state(delivery),
                            String.valueOf(delivery.tries()),
                            delivery.at().toString(),
                            delivery.answer() == null ? "-" : delivery.answer());
                }
            }
            session.report().result(json, lines.text("No calls."));
            return 0;
        }
    }

    private static void add(ObjectNode json, Delivery delivery) {
        json.put("id", delivery.id()).put("event", delivery.task().event().word());
        json.put("prompt_id", delivery.task().promptId()).put("state", state(delivery));
        json.put("tries", delivery.tries()).put("last_try", delivery.at().toString());
        json.put("answer", delivery.answer());
    }

    private static String state(Delivery delivery) {
        return delivery.state().name().toLowerCase(Locale.ROOT);
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description =
                    "Makes calls again, with the same webhook-id and content: those that are named, or with --failed"
                            + " all that were given up and are no older than 14 days.")
    int replay(
            @Parameters(
                            arity = "0..*",
                            paramLabel = "ID",
                            description = "as webhooks list shows it")
                    @Nullable List<String> ids,
            @Option(names = "--failed", description = "all that were given up") boolean failed,
            @Mixin TenantOption whose) {
        String tenant = whose.name();
        List<String> named = ids == null ? List.of() : ids;
        if (failed == !named.isEmpty()) {
            throw new IllegalArgumentException("Give the calls' ids, or --failed.");
        }
        try (Deployment deployment = session.open()) {
            int replayed =
                    failed ? deployment.replays().all(tenant) : each(deployment, tenant, named);
            session.report()
                    .result(
                            Json.object().put("tenant", tenant).put("replayed", replayed),
                            replayed == 0
                                    ? "No call was given up."
                                    : replayed
                                            + (replayed == 1 ? " call is" : " calls are")
                                            + " made again: see webhooks list.");
            return 0;
        }
    }

    private static int each(Deployment deployment, String tenant, List<String> ids) {
        for (String id : ids) {
            if (!deployment.replays().one(tenant, id)) {
                throw new Refusal(
                        "The tenant "
                                + tenant
                                + " has no call "
                                + id
                                + ": webhooks list shows those there are. The ids before it are made"
                                + " again.");
            }
        }
        return ids.size();
    }

    private static ObjectNode json(String tenant, @Nullable WebhookTarget target) {
        ObjectNode json = Json.object().put("tenant", tenant);
        if (target == null) {
            return json.putNull("url");
        }
        json.put("url", target.url().toString());
        ArrayNode events = json.putArray("events");
        EnumSet.copyOf(target.events()).forEach(event -> events.add(event.word()));
        return json;
    }

    private static String words(Set<WebhookEvent> events) {
        return EnumSet.copyOf(events).stream()
                .map(WebhookEvent::word)
                .collect(Collectors.joining(", "));
    }
}
