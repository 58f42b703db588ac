package comfyserverless.contract.account;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tenants, their limits and what they have used.
public interface Accounts {
    /// How old limits may be where they are only looked at.
    Duration TRUSTED = Duration.ofSeconds(30);

    /// Makes a tenant known; false if it is already, and then nothing is changed.
    ///
    /// @throws IllegalArgumentException if no tenant can have this name
    boolean create(String tenant, Limits own);

    /// Every tenant that was made or had work, by name.
    List<Account> all();

    /// A tenant that was made or had work.
    Optional<Account> find(String tenant);

    /// Changes limits of its own; they hold everywhere at most [#TRUSTED] later.
    ///
    /// @param lifted those that it shall no longer have, so that the deployment's hold again
    void limit(String tenant, Limits set, Set<Limit> lifted);

    /// The limits that hold for the tenant, its own before the deployment's, at most [#TRUSTED] old.
    Limits limits(String tenant);

    /// Whether the tenant is being deleted, as it was at most [#TRUSTED] ago.
    boolean isClosing(String tenant);

    /// What the tenant has used, by month, the oldest first.
    List<Usage> usage(String tenant);
}
