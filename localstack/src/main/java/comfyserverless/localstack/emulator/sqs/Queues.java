package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// The queues of the store, by name; only the name at the end of their URLs counts.
final class Queues {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "000000000000";
    private static final String URL_BASE = "http://sqs.localhost/" + ACCOUNT + "/";

    private final DurableStore store;
    private final Clock clock;
    private final MVMap<byte[], byte[]> definitions;
    private final Map<String, Queue> open = new ConcurrentSkipListMap<>();

    Queues(DurableStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.definitions = store.map("queues");
        definitions.forEach(
                (key, value) -> open(new String(key, StandardCharsets.UTF_8), decode(value)));
    }

    private Queue open(String name, QueueAttributes attributes) {
        Queue queue = new Queue(name, attributes, store);
        open.put(name, queue);
        return queue;
    }

    Queue of(JsonNode request) {
        String url = request.path("QueueUrl").asText();
        return named(url.substring(url.lastIndexOf('/') + 1));
    }

    private Queue named(String name) {
        Queue queue = open.get(name);
        if (queue == null) {
            throw new ServiceException(
                    400, "QueueDoesNotExist", "The specified queue does not exist: " + name);
        }
        return queue;
    }

    @Nullable Queue find(String name) {
        return open.get(name);
    }

    ObjectNode create(JsonNode request) {
        String name = request.path("QueueName").asText();
        if (!name.matches("[a-zA-Z0-9_-]{1,80}")) {
            throw new ServiceException(
                    400,
                    "InvalidParameterValue",
                    "A queue name has 1 to 80 letters, digits, '-' and '_' (this store has no FIFO queues): "
                            + name);
        }
        QueueAttributes attributes = QueueAttributes.read(request.path("Attributes"));
        store.write(() -> {
            Queue existing = open.get(name);
            if (existing == null) {
                save(name, attributes);
                return open(name, attributes);
            }
            if (!existing.attributes().all().equals(existing.attributes().with(attributes).all())) {
                throw new ServiceException(
                        400,
                        "QueueNameExists",
                        "A queue named " + name + " exists with other attributes");
            }
            return existing;
        });
        return JSON.createObjectNode().put("QueueUrl", URL_BASE + name);
    }

    ObjectNode url(JsonNode request) {
        return JSON.createObjectNode()
                .put("QueueUrl", URL_BASE + named(request.path("QueueName").asText()).name());
    }

    ObjectNode list(JsonNode request) {
        String prefix = request.path("QueueNamePrefix").asText();
        ObjectNode answer = JSON.createObjectNode();
        var urls = answer.putArray("QueueUrls");
        open.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> urls.add(URL_BASE + name));
        return answer;
    }

    ObjectNode delete(JsonNode request) {
        return store.write(() -> {
            Queue queue = of(request);
            open.remove(queue.name());
            definitions.remove(queue.name().getBytes(StandardCharsets.UTF_8));
            queue.drop(store);
            return JSON.createObjectNode();
        });
    }

    ObjectNode purge(JsonNode request) {
        return store.write(() -> {
            of(request).purge();
            return JSON.createObjectNode();
        });
    }

    ObjectNode setAttributes(JsonNode request) {
        return store.write(() -> {
            Queue queue = of(request);
            queue.setAttributes(
                    queue.attributes().with(QueueAttributes.read(request.path("Attributes"))));
            save(queue.name(), queue.attributes());
            return JSON.createObjectNode();
        });
    }

    ObjectNode attributes(JsonNode request) {
        Queue queue = of(request);
        ObjectNode all = JSON.createObjectNode();
        queue.attributes().all().forEach(all::put);
        all.put("QueueArn", "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue.name());
        store.snapshot(() -> {
            long now = clock.millis();
            all.put("ApproximateNumberOfMessages", Long.toString(queue.countVisible(now)));
            all.put(
                    "ApproximateNumberOfMessagesNotVisible",
                    Long.toString(queue.countInFlight(now)));
            all.put("ApproximateNumberOfMessagesDelayed", Long.toString(queue.countDelayed(now)));
            return all;
        });
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode asked = answer.putObject("Attributes");
        for (JsonNode name : request.path("AttributeNames")) {
            if (name.asText().equals("All")) {
                asked.setAll(all);
            } else if (all.has(name.asText())) {
                asked.set(name.asText(), all.get(name.asText()));
            }
        }
        return answer;
    }

    void signalAll() {
        open.values().forEach(Queue::signal);
    }

    private void save(String name, QueueAttributes attributes) {
        definitions.put(
                name.getBytes(StandardCharsets.UTF_8),
                attributes.toJson().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static QueueAttributes decode(byte[] stored) {
        try {
            return QueueAttributes.read(JSON.readTree(stored));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored queue cannot be read", e);
        }
    }
}
