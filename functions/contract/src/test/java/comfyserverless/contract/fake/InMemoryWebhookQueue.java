package comfyserverless.contract.fake;

import comfyserverless.contract.webhook.WebhookQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// [WebhookQueue] in memory, with visibility by a clock; [#receive] never waits.
public final class InMemoryWebhookQueue implements WebhookQueue {
    private static final Duration VISIBILITY = Duration.ofMinutes(3);
    private static final int MOST = 10;

    private final Clock clock;
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private long sent;

    private record Message(String body, Instant visible) {}

    public InMemoryWebhookQueue(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void send(String body) {
        messages.put("receipt-" + sent++, new Message(body, clock.instant()));
    }

    @Override
    public synchronized List<Received> receive(Duration wait) {
        Instant now = clock.instant();
        List<Received> found = new ArrayList<>();
        for (Map.Entry<String, Message> message : messages.entrySet()) {
            if (found.size() < MOST && !message.getValue().visible().isAfter(now)) {
                found.add(new Received(message.getKey(), message.getValue().body()));
            }
        }
        found.forEach(received -> hide(received.receipt(), VISIBILITY));
        return found;
    }

    @Override
    public synchronized void hide(String receipt, Duration time) {
        messages.computeIfPresent(
                receipt, (_, old) -> new Message(old.body(), clock.instant().plus(time)));
    }

    @Override
    public synchronized void delete(String receipt) {
        messages.remove(receipt);
    }

    /// What it holds, hidden ones included, the oldest first.
    public synchronized List<String> bodies() {
        return messages.values().stream().map(Message::body).toList();
    }
}
