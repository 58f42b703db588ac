package comfyserverless.aws.sqs;

import comfyserverless.contract.webhook.WebhookQueue;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;

/// [WebhookQueue] in an SQS queue.
public final class SqsWebhooks implements WebhookQueue {
    private static final int BATCH = 10;

    private final SqsQueue queue;

    public SqsWebhooks(SqsClient sqs, String queueUrl) {
        this.queue = new SqsQueue(sqs, queueUrl, "a webhook");
    }

    @Override
    public void send(String body) {
        queue.send(body);
    }

    @Override
    public List<Received> receive(Duration wait) {
        return queue.receive(wait, BATCH).stream()
                .map(message -> new Received(message.receiptHandle(), message.body()))
                .toList();
    }

    @Override
    public void hide(String receipt, Duration time) {
        queue.hide(receipt, time);
    }

    @Override
    public void delete(String receipt) {
        queue.delete(receipt);
    }
}
