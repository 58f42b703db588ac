package comfyserverless.aws.sqs;

import static comfyserverless.aws.Failures.translated;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/// The calls to one queue. A message that is gone needs neither hiding nor deleting.
final class SqsQueue {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);

    private final SqsClient sqs;
    private final String url;
    private final String what;

    /// @param what a message is called in what is said of failures, such as `a ticket`
    SqsQueue(SqsClient sqs, String url, String what) {
        this.sqs = sqs;
        this.url = url;
        this.what = what;
    }

    void send(String body) {
        translated(
                () -> "cannot send " + what + " to " + url,
                () -> sqs.sendMessage(send -> send.queueUrl(url).messageBody(body)));
    }

    /// So many at most; none after `wait`, which is bounded to 20 s.
    List<Message> receive(Duration wait, int most) {
        Duration bounded = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        return translated(
                () -> "cannot receive " + what + " from " + url,
                () ->
                        sqs.receiveMessage(receive ->
                                        receive.queueUrl(url)
                                                .maxNumberOfMessages(most)
                                                .waitTimeSeconds((int) bounded.toSeconds()))
                                .messages());
    }

    /// Bounded to 12 hours, as long as SQS hides a message at once.
    void hide(String receipt, Duration visibility) {
        Duration bounded =
                visibility.compareTo(LONGEST_VISIBILITY) < 0 ? visibility : LONGEST_VISIBILITY;
        translated(
                () -> "cannot keep " + what + " of " + url + " hidden",
                () -> {
                    try {
                        sqs.changeMessageVisibility(change ->
                                change.queueUrl(url)
                                        .receiptHandle(receipt)
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

    void delete(String receipt) {
        translated(
                () -> "cannot delete " + what + " of " + url,
                () -> {
                    try {
                        sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(receipt));
                        return true;
                    } catch (ReceiptHandleIsInvalidException e) {
                        return false;
                    }
                });
    }
}
