package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a [WebhookQueue] does. Each test uses a queue of its own.
public abstract class WebhookQueueContract {
    private static final Duration SOON = Duration.ofSeconds(1);

    protected abstract WebhookQueue queue();

    /// Lets this much time pass for the queue.
    protected abstract void pass(Duration time);

    private WebhookQueue.Received received() {
        List<WebhookQueue.Received> found = queue().receive(SOON);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void an_empty_queue_gives_nothing() {
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_message_comes_as_it_was_sent() {
        String body = "{\"prompt_id\":\"Größe „7“ 🖼\"}";
        queue().send(body);
        assertThat(received().body()).isEqualTo(body);
    }

    @Test
    void each_message_is_received_once_in_batches_of_ten_at_most() {
        for (int i = 0; i < 12; i++) {
            queue().send("message " + i);
        }
        List<String> bodies = new ArrayList<>();
        while (bodies.size() < 12) {
            List<WebhookQueue.Received> batch = queue().receive(SOON);
            assertThat(batch).hasSizeBetween(1, 10);
            batch.forEach(message -> bodies.add(message.body()));
        }
        assertThat(bodies).doesNotHaveDuplicates();
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_received_message_is_hidden_as_long_as_was_asked_for() {
        queue().send("one");
        queue().send("two");
        List<WebhookQueue.Received> both = new ArrayList<>();
        while (both.size() < 2) {
            both.addAll(queue().receive(SOON));
        }
        for (WebhookQueue.Received message : both) {
            boolean first = message.body().equals("one");
            queue().hide(
                            message.receipt(),
                            first ? Duration.ofSeconds(1) : WebhookQueue.LONGEST_HIDING);
        }
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(received().body()).isEqualTo("one");
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_deleted_message_never_comes_back() {
        queue().send("one");
        WebhookQueue.Received message = received();
        queue().hide(message.receipt(), Duration.ofSeconds(1));
        queue().delete(message.receipt());
        queue().delete(message.receipt());
        pass(Duration.ofSeconds(2));
        assertThat(queue().receive(Duration.ZERO)).isEmpty();
        queue().hide(message.receipt(), Duration.ofSeconds(1));
    }
}
