package comfyserverless.handlers.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.Replays;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Response;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// `/api/webhooks`: a tenant's own address, the secret that calls are signed with, what became of calls.
public final class WebhookRoutes {
    private static final int SHOWN = 100;
    private static final String WEBHOOK = "webhook";

    private final WebhookSettings settings;
    private final WebhookRequest requests;
    private final Replays replays;

    public WebhookRoutes(WebhookSettings settings, WebhookRequest requests, Replays replays) {
        this.settings = settings;
        this.requests = requests;
        this.replays = replays;
    }

    public Response show(Call call) {
        return Response.json(shown(settings.target(call.tenant())));
    }

    public Response set(Call call) {
        WebhookTarget target = requests.read(call.request().json());
        settings.setTarget(call.tenant(), target);
        return Response.json(shown(Optional.of(target)));
    }

    public Response remove(Call call) {
        return Response.json(Json.object().put("removed", settings.removeTarget(call.tenant())));
    }

    private static ObjectNode shown(Optional<WebhookTarget> target) {
        ObjectNode json = Json.object();
        json.putNull(WEBHOOK);
        target.ifPresent(set -> {
            ObjectNode webhook = json.putObject(WEBHOOK).put("url", set.url().toString());
            ArrayNode events = webhook.putArray("events");
            sorted(set.events()).forEach(event -> events.add(event.word()));
        });
        return json;
    }

    private static Set<WebhookEvent> sorted(Set<WebhookEvent> events) {
        return EnumSet.copyOf(events);
    }

    public Response secret(Call call) {
        return secrets(settings.secrets(call.tenant()));
    }

    public Response rotate(Call call) {
        return secrets(settings.rotate(call.tenant()));
    }

    private static Response secrets(WebhookSettings.Secrets secrets) {
        ObjectNode json = Json.object().put("secret", secrets.current().text());
        if (secrets.previous() != null && secrets.until() != null) {
            json.put("previous", secrets.previous().text());
            json.put("previous_until", secrets.until().toString());
        }
        return Response.json(json).with("cache-control", "no-store");
    }

    public Response deliveries(Call call) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("deliveries");
        replays.list(call.tenant(), SHOWN).forEach(delivery -> list.add(shown(delivery)));
        return Response.json(json);
    }

    private static ObjectNode shown(Delivery delivery) {
        ObjectNode json = Json.object().put("id", delivery.id());
        json.put("event", delivery.task().event().word());
        json.put("prompt_id", delivery.task().promptId());
        json.put("state", delivery.state().name().toLowerCase(Locale.ROOT));
        json.put("tries", delivery.tries());
        json.put("last_try", delivery.at().toString());
        return json.put("answer", delivery.answer());
    }

    public Response replay(Call call) {
        String id = call.variable("delivery_id");
        if (!replays.one(call.tenant(), id)) {
            throw HttpProblem.of(404, "unknown_delivery", "There is no such call", id);
        }
        return Response.json(202, Json.object().put("replayed", id));
    }
}
