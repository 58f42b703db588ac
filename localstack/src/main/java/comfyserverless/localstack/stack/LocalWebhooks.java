package comfyserverless.localstack.stack;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.Aws;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.WebhookEntry;
import comfyserverless.handlers.webhook.WebhookPorts;
import comfyserverless.localstack.gateway.LocalContext;
import comfyserverless.localstack.settings.LocalSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// The event source mapping between the queue of webhooks and its function: several batches at a time, so that a
/// receiver that is slow holds up few others; what the function does not report as failed is deleted.
final class LocalWebhooks {
    private static final System.Logger LOG = System.getLogger(LocalWebhooks.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCHES = 8;

    /// Longer than a try can take; what a killed process held shows again then.
    private static final Duration HELD = Duration.ofSeconds(50);

    private final WebhookQueue queue;
    private final RequestStreamHandler function;
    private final Semaphore free = new Semaphore(BATCHES);

    LocalWebhooks(WebhookQueue queue, RequestStreamHandler function) {
        this.queue = queue;
        this.function = function;
    }

    /// The queues of these stores, if they have some.
    static WebhookPorts ports(Aws aws, LocalSettings.Extras extras) {
        return WebhookPorts.of(
                aws.webhooks(), aws.deadWebhooks(), new WebhookAddresses(extras.webhookLoopback()));
    }

    /// Calls webhooks from now on; nothing to close where there is no queue.
    static AutoCloseable start(HandlerPorts handlers) {
        if (!handlers.webhooks().available()) {
            return () -> {};
        }
        LocalWebhooks webhooks =
                new LocalWebhooks(handlers.webhooks().queue(), new WebhookEntry(handlers));
        return QueuePoll.start("webhooks", webhooks::receive, webhooks::begin);
    }

    /// What the last process of this data folder marked and did not hand over: nobody else will.
    static void handOver(HandlerPorts handlers, Collection<String> tenants) {
        handlers.webhookOutbox()
                .ifPresent(outbox ->
                        tenants.forEach(
                                tenant -> outbox.sweep(tenant, handlers.clock().instant())));
    }

    /// The next batch, once there is room for one.
    private List<WebhookQueue.Received> receive(Duration wait) throws InterruptedException {
        free.acquire();
        List<WebhookQueue.Received> batch = List.of();
        try {
            batch = queue.receive(wait);
            return batch;
        } finally {
            if (batch.isEmpty()) {
                free.release();
            }
        }
    }

    private void begin(List<WebhookQueue.Received> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Thread.ofVirtual()
                .name("webhook-batch")
                .start(() -> {
                    try {
                        batch.forEach(message -> queue.hide(message.receipt(), HELD));
                        hand(batch);
                    } catch (IOException | RuntimeException e) {
                        // It shows again by itself.
                        LOG.log(System.Logger.Level.WARNING, "a batch of webhooks waits", e);
                    } finally {
                        free.release();
                    }
                });
    }

    /// As SQS calls a function: a batch in, the messages that stay out.
    void hand(List<WebhookQueue.Received> batch) throws IOException {
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (WebhookQueue.Received message : batch) {
            records.addObject()
                    .put("messageId", message.receipt())
                    .put("receiptHandle", message.receipt())
                    .put("body", message.body());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        function.handleRequest(
                new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out, LocalContext.HTTP);
        Set<String> stay = new HashSet<>();
        for (JsonNode failure : JSON.readTree(out.toByteArray()).path("batchItemFailures")) {
            stay.add(failure.path("itemIdentifier").asText());
        }
        for (WebhookQueue.Received message : batch) {
            if (!stay.contains(message.receipt())) {
                queue.delete(message.receipt());
            }
        }
    }
}
