package comfyserverless.handlers.webhook;

import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What webhooks need beside the other ports.
///
/// @param queue of calls to be made
/// @param dead of those that were given up
/// @param addresses which may be called
public record WebhookPorts(WebhookQueue queue, WebhookQueue dead, WebhookAddresses addresses) {
    /// Where a process has no queues: nothing is handed over, so that marks stay for one that has them.
    public static final WebhookPorts NONE =
            new WebhookPorts(new NoQueue(), new NoQueue(), new WebhookAddresses(false));

    /// With these queues, or none.
    public static WebhookPorts of(
            Optional<WebhookQueue> queue, Optional<WebhookQueue> dead, WebhookAddresses addresses) {
        return queue.isPresent() && dead.isPresent()
                ? new WebhookPorts(queue.get(), dead.get(), addresses)
                : NONE;
    }

    /// Whether this process has queues.
    public boolean available() {
        return !equals(NONE);
    }

    private static final class NoQueue implements WebhookQueue {
        private static IllegalStateException none() {
            return new IllegalStateException("this process has no queue of webhooks");
        }

        @Override
        public void send(String body) {
            throw none();
        }

        @Override
        public List<Received> receive(Duration wait) {
            throw none();
        }

        @Override
        public void hide(String receipt, Duration time) {
            throw none();
        }

        @Override
        public void delete(String receipt) {
            throw none();
        }
    }
}
