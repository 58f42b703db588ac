package comfyserverless.contract.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The record of all calls: one for each job and event, however often its task comes out of the queue.
public interface Deliveries {
    /// What the receiver of a task is to do.
    sealed interface Turn {
        /// Make the call; nobody else does until the time given to [#begin] is over.
        ///
        /// @param target null if it is no longer set
        record Try(Delivery delivery, @Nullable WebhookTarget target) implements Turn {}

        /// Somebody else makes it just now.
        record Busy() implements Turn {}

        /// It needs no call any more: it was made or asked for anew, its receiver wants none, or its tenant is being
        /// deleted or gone.
        record Over() implements Turn {}
    }

    /// Takes a turn at a call. One that was given up begins anew: whoever puts it back into the queue
    /// wants it made.
    ///
    /// @param busy how long the call may take
    /// @param payload what is sent, asked for once and then kept
    Turn begin(WebhookTask task, Duration busy, Supplier<String> payload);

    /// Notes what became of the try.
    void end(Delivery delivery, Delivery.State state, String answer);

    /// The tenant's calls, the newest job first.
    List<Delivery> list(String tenant, int most);

    /// Shows all of the tenant's calls, the oldest job first.
    void each(String tenant, Consumer<Delivery> each);

    Optional<Delivery> find(String tenant, String id);

    /// Makes a call possible again that was made, given up or refused, and voids what the queues still hold of it.
    ///
    /// @return the task that has to be sent then
    WebhookTask reopen(Delivery delivery);
}
