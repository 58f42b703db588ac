package comfyserverless.contract.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a tenant has set: the address that hears of all its jobs, and the secrets that calls are signed
/// with.
public interface WebhookSettings {
    /// A tenant's secrets.
    ///
    /// @param previous the one before, which signs as well until `until`
    record Secrets(
            WebhookSecret current, @Nullable WebhookSecret previous, @Nullable Instant until) {
        /// Those that sign now, the current one first.
        public List<WebhookSecret> signing(Instant now) {
            return previous != null && until != null && now.isBefore(until)
                    ? List.of(current, previous)
                    : List.of(current);
        }
    }

    /// The tenant's own address; jobs that bring one of theirs do not use it.
    Optional<WebhookTarget> target(String tenant);

    /// Sets it for all jobs that are accepted from now on.
    void setTarget(String tenant, WebhookTarget target);

    /// Calls of jobs that were accepted with it are dropped; false if there was none.
    boolean removeTarget(String tenant);

    /// The tenant's secrets, made when they are asked for the first time.
    Secrets secrets(String tenant);

    /// A new secret; the last one signs for a day more.
    Secrets rotate(String tenant);
}
