package comfyserverless.aws.sqs;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.job.Tickets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/// [Tickets] in an SQS queue; a message's text names the pool and nothing else.
public final class SqsTickets implements Tickets {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);

    private final SqsClient sqs;
    private final String queueUrl;
    private final String pool;

    public SqsTickets(SqsClient sqs, String queueUrl, String pool) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.pool = pool;
    }

    @Override
    public void send() {
        translated(
                () -> "cannot send a ticket to " + queueUrl,
                () -> sqs.sendMessage(send -> send.queueUrl(queueUrl).messageBody(pool)));
    }

    @Override
    public Optional<Ticket> receive(Duration wait) {
        Duration bounded = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        List<Message> messages =
                translated(
                        () -> "cannot receive a ticket from " + queueUrl,
                        () ->
                                sqs.receiveMessage(receive ->
                                                receive.queueUrl(queueUrl)
                                                        .maxNumberOfMessages(1)
                                                        .waitTimeSeconds((int) bounded.toSeconds()))
                                        .messages());
        return messages.stream().findFirst().map(message -> new Ticket(message.receiptHandle()));
    }

    /// A ticket that is no longer there needs no more hiding.
    @Override
    public void extend(Ticket ticket, Duration visibility) {
        Duration bounded =
                visibility.compareTo(LONGEST_VISIBILITY) < 0 ? visibility : LONGEST_VISIBILITY;
        translated(
                () -> "cannot keep a ticket of " + queueUrl + " hidden",
                () -> {
                    try {
                        sqs.changeMessageVisibility(change ->
                                change.queueUrl(queueUrl)
                                        .receiptHandle(ticket.receipt())
                                        .visibilityTimeout((int) bounded.toSeconds()));
                        return true;
                    } catch (ReceiptHandleIsInvalidException | MessageNotInflightException e) {
                        return false;
                    } catch (SqsException e) {
                        if (isGone(e)) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    /// A deleted message is no exception of its own: it is a wrong value of this parameter.
    private static boolean isGone(SqsException e) {
        String code = e.awsErrorDetails().errorCode();
        String message = e.awsErrorDetails().errorMessage();
        return code != null
                && code.startsWith("InvalidParameterValue")
                && message != null
                && message.contains("does not exist or is not available");
    }

    @Override
    public void delete(Ticket ticket) {
        translated(
                () -> "cannot delete a ticket of " + queueUrl,
                () -> {
                    try {
                        sqs.deleteMessage(delete ->
                                delete.queueUrl(queueUrl).receiptHandle(ticket.receipt()));
                        return true;
                    } catch (ReceiptHandleIsInvalidException e) {
                        return false;
                    }
                });
    }
}
