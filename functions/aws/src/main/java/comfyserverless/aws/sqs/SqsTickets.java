package comfyserverless.aws.sqs;

import comfyserverless.contract.job.Tickets;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;

/// [Tickets] in an SQS queue; a message's text names the pool and nothing else.
public final class SqsTickets implements Tickets {
    private final SqsQueue queue;
    private final String pool;

    public SqsTickets(SqsClient sqs, String queueUrl, String pool) {
        this.queue = new SqsQueue(sqs, queueUrl, "a ticket");
        this.pool = pool;
    }

    @Override
    public void send() {
        queue.send(pool);
    }

    @Override
    public Optional<Ticket> receive(Duration wait) {
        return queue.receive(wait, 1).stream()
                .findFirst()
                .map(message -> new Ticket(message.receiptHandle()));
    }

    @Override
    public void extend(Ticket ticket, Duration visibility) {
        queue.hide(ticket.receipt(), visibility);
    }

    @Override
    public void delete(Ticket ticket) {
        queue.delete(ticket.receipt());
    }
}
