package comfyserverless.contract.webhook;

import java.net.URI;
import java.util.Set;

/// Where webhooks go and which. The address may hold a secret of its receiver: it is in no text of this
/// record, so that no log shows it.
///
/// @param url as [WebhookAddresses] allows it
public record WebhookTarget(URI url, Set<WebhookEvent> events) {
    public WebhookTarget {
        events = Set.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a webhook without events is never called");
        }
    }

    @Override
    public String toString() {
        return "WebhookTarget[" + url.getHost() + ", " + events + "]";
    }
}
