package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookTask;
import comfyserverless.handlers.webhook.ApacheCaller;
import comfyserverless.handlers.webhook.Caller;
import comfyserverless.handlers.webhook.WebhookCalls;
import comfyserverless.handlers.webhook.WebhookPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Lambda behind the queue of webhooks: makes the calls of a batch at the same time. A message whose
/// call has to be made again is hidden until then and reported as failed, so that it stays.
public final class WebhookEntry implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookEntry.class);
    private static final String NOTHING_DUE = "{\"Records\":[]}";

    private final WebhookCalls calls;
    private final WebhookPorts webhooks;

    /// As Lambda starts it: wired from the environment.
    public WebhookEntry() {
        this(Wiring.fromEnvironment());
        Priming.of(this, System.getenv(), NOTHING_DUE);
    }

    /// Calling hosts of the internet.
    public WebhookEntry(HandlerPorts ports) {
        this(ports, internet(ports));
    }

    WebhookEntry(HandlerPorts ports, Caller caller) {
        this.webhooks = ports.webhooks();
        this.calls = WebhookCalls.of(ports, caller);
    }

    private static Caller internet(HandlerPorts ports) {
        ScheduledExecutorService watch =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("webhook-watch").factory());
        return ApacheCaller.ofTheInternet(ports.webhooks().addresses(), watch);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        JsonNode event = Json.readStored(in.readAllBytes());
        ObjectNode answer = Json.object();
        ArrayNode failures = answer.putArray("batchItemFailures");
        Map<String, Future<Boolean>> calls = new LinkedHashMap<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (JsonNode message : event.path("Records")) {
                calls.put(
                        message.path("messageId").asText(), workers.submit(() -> isDone(message)));
            }
        }
        calls.forEach((id, done) -> {
            if (!succeeded(done)) {
                failures.addObject().put("itemIdentifier", id);
            }
        });
        out.write(Json.writeBytes(answer));
    }

    private static boolean succeeded(Future<Boolean> call) {
        try {
            return call.get();
        } catch (ExecutionException e) {
            LOG.warn("A webhook waits for its next turn", e.getCause());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isDone(JsonNode message) {
        Optional<WebhookTask> task = task(message.path("body").asText());
        if (task.isEmpty()) {
            webhooks.dead().send(message.path("body").asText());
            return true;
        }
        Optional<Duration> again = calls.make(task.get());
        WebhookQueue queue = webhooks.queue();
        again.ifPresent(delay -> queue.hide(message.path("receiptHandle").asText(), delay));
        return again.isEmpty();
    }

    private static Optional<WebhookTask> task(String body) {
        try {
            return Optional.of(WebhookTask.of(body));
        } catch (IllegalArgumentException e) {
            LOG.error("A message in the queue of webhooks is none", e);
            return Optional.empty();
        }
    }
}
