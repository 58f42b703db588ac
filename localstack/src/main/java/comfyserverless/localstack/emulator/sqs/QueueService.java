package comfyserverless.localstack.emulator.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.JsonService;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.time.Clock;

/// SQS's operations for standard queues: visibility, long polling, delays and dead-letter queues.
public final class QueueService implements JsonService {
    private final Queues queues;
    private final Messages messages;

    public QueueService(DurableStore store, Clock clock) {
        this.queues = new Queues(store, clock);
        this.messages = new Messages(queues, store, clock);
    }

    /// Ends long polls, so that those who wait can stop.
    public void drain() {
        messages.drain();
    }

    @Override
    public String errorNamespace() {
        return "com.amazonaws.sqs#";
    }

    @Override
    public ObjectNode call(String operation, JsonNode request) {
        return switch (operation) {
            case "CreateQueue" -> queues.create(request);
            case "DeleteQueue" -> queues.delete(request);
            case "GetQueueUrl" -> queues.url(request);
            case "ListQueues" -> queues.list(request);
            case "PurgeQueue" -> queues.purge(request);
            case "GetQueueAttributes" -> queues.attributes(request);
            case "SetQueueAttributes" -> queues.setAttributes(request);
            case "TagQueue" -> JsonNodeFactory.instance.objectNode();
            case "SendMessage" -> messages.send(request);
            case "ReceiveMessage" -> messages.receive(request);
            case "DeleteMessage" -> messages.delete(request);
            case "ChangeMessageVisibility" -> messages.changeVisibility(request);
            case "SendMessageBatch" -> Messages.batch(request, messages::send);
            case "DeleteMessageBatch" -> Messages.batch(request, messages::delete);
            case "ChangeMessageVisibilityBatch" ->
                    Messages.batch(request, messages::changeVisibility);
            default ->
                    throw new ServiceException(
                            400,
                            "UnsupportedOperation",
                            "This store has no operation " + operation);
        };
    }
}
