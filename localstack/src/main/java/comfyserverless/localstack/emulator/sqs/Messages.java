package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sending, receiving, deleting and hiding messages, one by one or in batches of ten.
final class Messages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BATCH = 10;
    private static final Duration MAX_VISIBILITY = Duration.ofHours(12);

    private final Queues queues;
    private final DurableStore store;
    private final Clock clock;
    private volatile boolean draining;

    Messages(Queues queues, DurableStore store, Clock clock) {
        this.queues = queues;
        this.store = store;
        this.clock = clock;
    }

    ObjectNode send(JsonNode request) {
        Queue queue = queues.of(request);
        ObjectNode answer = store.write(() -> send(queue, request));
        queue.signal();
        return answer;
    }

    private ObjectNode send(Queue queue, JsonNode request) {
        String body = request.path("MessageBody").asText();
        int bytes = body.getBytes(StandardCharsets.UTF_8).length;
        if (body.isEmpty()) {
            throw new ServiceException(
                    400, "MissingParameter", "The request must contain the parameter MessageBody.");
        }
        if (bytes > queue.attributes().maxMessageBytes()) {
            throw new ServiceException(
                    400,
                    "InvalidParameterValue",
                    "One or more parameters are invalid. Reason: Message must be shorter than "
                            + queue.attributes().maxMessageBytes()
                            + " bytes.");
        }
        long now = clock.millis();
        JsonNode attributes = request.path("MessageAttributes");
        long delay =
                request.has("DelaySeconds")
                        ? Duration.ofSeconds(request.path("DelaySeconds").asLong()).toMillis()
                        : queue.attributes().delay().toMillis();
        String id = UUID.randomUUID().toString();
        JsonNode kept = attributes.isMissingNode() ? JSON.createObjectNode() : attributes;
        queue.add(new Message(queue.nextSequence(), id, body, kept, now, now + delay, 0, 0, null));
        ObjectNode answer = JSON.createObjectNode();
        answer.put("MessageId", id).put("MD5OfMessageBody", Md5.ofBody(body));
        if (!attributes.isEmpty()) {
            answer.put("MD5OfMessageAttributes", Md5.ofAttributes(attributes));
        }
        return answer;
    }

    ObjectNode delete(JsonNode request) {
        Queue queue = queues.of(request);
        return store.write(() -> {
            Message message = queue.byReceipt(request.path("ReceiptHandle").asText());
            if (message != null) {
                queue.remove(message);
            }
            return JSON.createObjectNode();
        });
    }

    ObjectNode changeVisibility(JsonNode request) {
        Queue queue = queues.of(request);
        ObjectNode answer =
                store.write(() -> {
                    Message message = queue.byReceipt(request.path("ReceiptHandle").asText());
                    long now = clock.millis();
                    if (message == null || message.visibleAt() <= now) {
                        throw new ServiceException(
                                400,
                                "MessageNotInflight",
                                "The message referred to isn't in flight: "
                                        + request.path("ReceiptHandle").asText());
                    }
                    queue.replace(
                            message, message.visibleAgainAt(now + visibility(request, queue)));
                    return JSON.createObjectNode();
                });
        queue.signal();
        return answer;
    }

    private static long visibility(JsonNode request, Queue queue) {
        if (!request.has("VisibilityTimeout")) {
            return queue.attributes().visibilityTimeout().toMillis();
        }
        Duration asked = Duration.ofSeconds(request.path("VisibilityTimeout").asLong());
        if (asked.isNegative() || asked.compareTo(MAX_VISIBILITY) > 0) {
            throw new ServiceException(
                    400,
                    "InvalidParameterValue",
                    "VisibilityTimeout must be 0 to 43200 s: " + asked.toSeconds());
        }
        return asked.toMillis();
    }

    ObjectNode receive(JsonNode request) {
        Queue queue = queues.of(request);
        int most = Math.clamp(request.path("MaxNumberOfMessages").asInt(1), 1, MAX_BATCH);
        long wait =
                request.has("WaitTimeSeconds")
                        ? Duration.ofSeconds(request.path("WaitTimeSeconds").asLong()).toMillis()
                        : queue.attributes().receiveWait().toMillis();
        long end = clock.millis() + wait;
        while (true) {
            long seen = queue.signals();
            long now = clock.millis();
            long next = store.snapshot(queue::nextVisibleAt);
            List<Message> taken =
                    next <= now ? store.write(() -> take(queue, most, request)) : List.of();
            if (!taken.isEmpty() || now >= end || draining) {
                return answer(taken, request);
            }
            pause(queue, seen, Math.min(end, next) - now);
        }
    }

    /// From now on nobody waits for messages: long polls answer at once.
    void drain() {
        draining = true;
        queues.signalAll();
    }

    private static void pause(Queue queue, long seen, long millis) {
        try {
            queue.awaitSignal(seen, millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException(503, "ServiceUnavailable", "the queue store is closing");
        }
    }

    private List<Message> take(Queue queue, int most, JsonNode request) {
        List<Message> taken = new ArrayList<>();
        long now = clock.millis();
        long hidden = visibility(request, queue);
        for (Message first = queue.firstVisible(now);
                first != null && taken.size() < most;
                first = queue.firstVisible(now)) {
            if (isTooOld(first, queue, now)) {
                queue.remove(first);
            } else if (!deadLettered(first, queue, now)) {
                Message delivered =
                        first.delivered(UUID.randomUUID().toString(), now, now + hidden);
                queue.replace(first, delivered);
                taken.add(delivered);
                if (hidden == 0) {
                    break;
                }
            }
        }
        return taken;
    }

    private static boolean isTooOld(Message message, Queue queue, long now) {
        return message.sent() + queue.attributes().retention().toMillis() < now;
    }

    private boolean deadLettered(Message message, Queue queue, long now) {
        QueueAttributes.Redrive redrive = queue.attributes().redrive();
        Queue target = redrive == null ? null : queues.find(redrive.queue());
        if (redrive == null || target == null || message.receives() < redrive.maxReceives()) {
            return false;
        }
        queue.remove(message);
        target.add(message.movedTo(target.nextSequence(), now));
        store.afterCommit(target::signal);
        return true;
    }

    private static ObjectNode answer(List<Message> messages, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        if (!messages.isEmpty()) {
            var array = answer.putArray("Messages");
            messages.forEach(message -> array.add(describe(message, request)));
        }
        return answer;
    }

    private static ObjectNode describe(Message message, JsonNode request) {
        ObjectNode node = JSON.createObjectNode();
        node.put("MessageId", message.id());
        node.put("ReceiptHandle", message.receipt());
        node.put("Body", message.body());
        node.put("MD5OfBody", Md5.ofBody(message.body()));
        ObjectNode system = JSON.createObjectNode();
        put(system, request, "SentTimestamp", message.sent());
        put(system, request, "ApproximateReceiveCount", message.receives());
        put(system, request, "ApproximateFirstReceiveTimestamp", message.firstReceived());
        if (!system.isEmpty()) {
            node.set("Attributes", system);
        }
        if (!message.attributes().isEmpty() && !request.path("MessageAttributeNames").isEmpty()) {
            node.set("MessageAttributes", message.attributes());
            node.put("MD5OfMessageAttributes", Md5.ofAttributes(message.attributes()));
        }
        return node;
    }

    private static void put(ObjectNode system, JsonNode request, String name, long value) {
        if (asks(request.path("MessageSystemAttributeNames"), name)
                || asks(request.path("AttributeNames"), name)) {
            system.put(name, Long.toString(value));
        }
    }

    private static boolean asks(JsonNode names, String wanted) {
        for (JsonNode name : names) {
            if (name.asText().equals("All") || name.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /// One operation of a batch.
    @FunctionalInterface
    interface Single {
        ObjectNode call(JsonNode entry);
    }

    /// Runs the entries one after another; each succeeds or fails on its own.
    static ObjectNode batch(JsonNode request, Single single) {
        ObjectNode answer = JSON.createObjectNode();
        var successful = answer.putArray("Successful");
        var failed = answer.putArray("Failed");
        for (JsonNode entry : request.path("Entries")) {
            String id = entry.path("Id").asText();
            try {
                ObjectNode one = entry.deepCopy();
                one.set("QueueUrl", request.path("QueueUrl"));
                successful.add(single.call(one).put("Id", id));
            } catch (ServiceException e) {
                failed.add(failure(id, e.type(), e.getMessage()));
            }
        }
        return answer;
    }

    private static ObjectNode failure(String id, String code, @Nullable String message) {
        return JSON.createObjectNode()
                .put("Id", id)
                .put("Code", code)
                .put("Message", message)
                .put("SenderFault", true);
    }
}
