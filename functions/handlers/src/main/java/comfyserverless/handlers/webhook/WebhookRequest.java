package comfyserverless.handlers.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads where somebody wants to be called. No message shows the address itself: it may be a secret.
public final class WebhookRequest {
    private static final String URL_HEADER = "x-webhook-url";
    private static final String EVENTS_HEADER = "x-webhook-events";
    private static final String URL = "url";
    private static final String EVENTS = "events";

    private final WebhookPorts webhooks;

    public WebhookRequest(WebhookPorts webhooks) {
        this.webhooks = webhooks;
    }

    /// The webhook of a prompt: in its extra_data, beside the prompt, or in the header X-Webhook-Url.
    public Optional<WebhookTarget> of(Request request, Map<String, JsonNode> secrets) {
        JsonNode given = secrets.get(PromptRequest.WEBHOOK);
        if (given != null && !given.isNull()) {
            return Optional.of(read(given));
        }
        return request.header(URL_HEADER)
                .map(url ->
                        new WebhookTarget(
                                address(url.strip()),
                                request.header(EVENTS_HEADER)
                                        .map(words -> events(Arrays.asList(words.split(","))))
                                        .orElse(WebhookEvent.ENDS)));
    }

    /// A URL, or an object with `url` and, where it wants others than the ends, `events`.
    public WebhookTarget read(JsonNode given) {
        if (given.isTextual()) {
            return new WebhookTarget(address(given.textValue()), WebhookEvent.ENDS);
        }
        if (!given.path(URL).isTextual()) {
            throw refused("a webhook is a URL or an object with \"url\" and \"events\"");
        }
        JsonNode events = given.path(EVENTS);
        if (events.isMissingNode() || events.isNull()) {
            return new WebhookTarget(address(given.path(URL).textValue()), WebhookEvent.ENDS);
        }
        if (!events.isArray()) {
            throw refused("\"events\" must be a list, such as [\"job.completed\"]");
        }
        List<String> words =
                StreamSupport.stream(events.spliterator(), false).map(JsonNode::asText).toList();
        return new WebhookTarget(address(given.path(URL).textValue()), events(words));
    }

    private URI address(String url) {
        if (!webhooks.available()) {
            throw HttpProblem.of(
                    501,
                    "webhooks_unavailable",
                    "This server calls no webhooks",
                    "it was set up without their queue (COMFY_WEBHOOK_QUEUE_URL)");
        }
        try {
            return webhooks.addresses().read(url);
        } catch (WebhookAddresses.Refused e) {
            throw refused("the webhook's url cannot be called: " + e.getMessage());
        }
    }

    private static Set<WebhookEvent> events(List<String> words) {
        Set<WebhookEvent> events = EnumSet.noneOf(WebhookEvent.class);
        for (String word : words) {
            events.add(
                    WebhookEvent.named(word.strip())
                            .orElseThrow(
                                    () -> refused("\"" + word + "\" is no event: " + known())));
        }
        if (events.isEmpty()) {
            throw refused("\"events\" is empty: " + known());
        }
        return events;
    }

    private static String known() {
        return Stream.of(WebhookEvent.values())
                .map(WebhookEvent::word)
                .collect(Collectors.joining(", ", "there are ", ""));
    }

    private static HttpProblem refused(String details) {
        return HttpProblem.badRequest("invalid_webhook", "This webhook cannot be used", details);
    }
}
