package comfyserverless.handlers.webhook;

import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.Retries;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookSecret;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.contract.webhook.WebhookTask;
import comfyserverless.handlers.HandlerPorts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the calls: one try for each time that a task comes out of the queue. 2xx is the end, 410 too; after
/// anything else it is tried again later, or given up.
public final class WebhookCalls {
    /// Longer than a try can take.
    private static final Duration BUSY = Duration.ofSeconds(45);

    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int LONGEST_ANSWER = 200;

    private final Deliveries deliveries;
    private final WebhookSettings settings;
    private final Payload payload;
    private final Caller caller;
    private final WebhookQueue dead;
    private final Clock clock;

    /// Where records and secrets are kept.
    record Records(Deliveries deliveries, WebhookSettings settings) {}

    WebhookCalls(Records records, Payload payload, Caller caller, WebhookQueue dead, Clock clock) {
        this.deliveries = records.deliveries();
        this.settings = records.settings();
        this.payload = payload;
        this.caller = caller;
        this.dead = dead;
        this.clock = clock;
    }

    /// On these ports, called by `caller`.
    public static WebhookCalls of(HandlerPorts ports, Caller caller) {
        return new WebhookCalls(
                new Records(ports.deliveries(), ports.webhookSettings()),
                new Payload(ports.jobs(), ports.files(), ports.clock()),
                caller,
                ports.webhooks().dead(),
                ports.clock());
    }

    /// When the task has to come again; empty if it is dealt with.
    public Optional<Duration> make(WebhookTask task) {
        return switch (deliveries.begin(task, BUSY, () -> payload.of(task))) {
            case Deliveries.Turn.Over _ -> Optional.empty();
            case Deliveries.Turn.Busy _ -> Optional.of(BUSY);
            case Deliveries.Turn.Try turn -> call(turn.delivery(), turn.target());
        };
    }

    private Optional<Duration> call(Delivery delivery, @Nullable WebhookTarget target) {
        if (target == null || !target.events().contains(delivery.task().event())) {
            deliveries.end(delivery, Delivery.State.GONE, "no address is set for it any more");
            return Optional.empty();
        }
        try {
            Caller.Answer answer = post(delivery, target);
            String status = String.valueOf(answer.status());
            if (answer.status() / 100 == 2) {
                deliveries.end(delivery, Delivery.State.DELIVERED, status);
                return Optional.empty();
            }
            if (answer.status() == GONE) {
                deliveries.end(delivery, Delivery.State.GONE, status);
                return Optional.empty();
            }
            return again(delivery, status, atLeast(answer));
        } catch (IOException e) {
            return again(delivery, shown(e), Duration.ZERO);
        }
    }

    private Caller.Answer post(Delivery delivery, WebhookTarget target) throws IOException {
        Instant now = clock.instant();
        String tenant = delivery.task().tenant();
        byte[] body = payload.signed(tenant, delivery.payload());
        List<WebhookSecret> secrets = settings.secrets(tenant).signing(now);
        String signatures =
                WebhookSecret.signatures(secrets, delivery.id(), now.getEpochSecond(), body);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("user-agent", "comfy-serverless");
        headers.put("webhook-id", delivery.id());
        headers.put("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        headers.put("webhook-signature", signatures);
        return caller.post(target.url(), headers, body);
    }

    /// What a receiver that is busy asks for, in seconds.
    private static Duration atLeast(Caller.Answer answer) {
        boolean busy = answer.status() == TOO_MANY || answer.status() == UNAVAILABLE;
        if (!busy || !answer.retryAfter().matches("\\d{1,6}")) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(Long.parseLong(answer.retryAfter()));
    }

    /// A task that is given up reaches the dead letters before its record says so: should the second fail,
    /// it is only tried again.
    private Optional<Duration> again(Delivery delivery, String answer, Duration atLeast) {
        Optional<Duration> delay = Retries.after(delivery.tries());
        if (delay.isEmpty()) {
            dead.send(delivery.task().json());
            deliveries.end(delivery, Delivery.State.FAILED, answer);
            return delay;
        }
        deliveries.end(delivery, Delivery.State.WAITING, answer);
        return delay.map(time -> time.compareTo(atLeast) < 0 ? atLeast : time)
                .map(time ->
                        time.compareTo(WebhookQueue.LONGEST_HIDING) < 0
                                ? time
                                : WebhookQueue.LONGEST_HIDING);
    }

    private static String shown(IOException e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return text.length() > LONGEST_ANSWER ? text.substring(0, LONGEST_ANSWER) : text;
    }
}
