package comfyserverless.contract.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The secrets that stand for callers. Only their SHA-256 is kept; what is shown of one is its id.
public interface Credentials {
    /// What a secret is for.
    enum Kind {
        /// Sent by programs with each request; lasts until it is revoked.
        KEY,
        /// A browser's cookie.
        SESSION,
        /// Opens one socket, once.
        TICKET
    }

    /// A new secret: the one moment at which it can be read.
    ///
    /// @param id names it in lists and for [#revoke]
    record Issued(String id, String secret) {}

    /// What is shown of a secret.
    ///
    /// @param label what it was made for
    /// @param ends when it ends by itself; null for never
    record Shown(
            Kind kind,
            String id,
            Identity identity,
            String label,
            Instant made,
            @Nullable Instant ends) {}

    /// Makes a secret.
    ///
    /// @param life how long it lasts; null for until it is revoked
    default Issued issue(Kind kind, Identity identity, String label, @Nullable Duration life) {
        return issue(kind, identity, label, life, null);
    }

    /// Makes a secret, maybe one that ends with another.
    ///
    /// @param life how long it lasts; null for until it is revoked
    /// @param key the key that was shown for it: when that ends, so does this; null for none
    Issued issue(
            Kind kind,
            Identity identity,
            String label,
            @Nullable Duration life,
            @Nullable String key);

    /// Whom a secret of that kind stands for; empty if there is none or it has ended.
    Optional<Identity> find(Kind kind, String secret);

    /// As [#find] for a ticket, which is then used up: of several calls one succeeds.
    Optional<Identity> redeem(String ticket);

    /// The tenant's keys and sessions, the oldest first.
    List<Shown> list(String tenant);

    /// Ends a key, with the sessions that it opened, or one session of the tenant at once; false if there is none of
    /// that id.
    boolean revoke(String tenant, String id);

    /// Ends the session of that secret, if there is one.
    void end(String session);

    /// Counts a try at something guessable and tells how many there were this minute.
    ///
    /// @param who the address that tries
    long tries(String who);
}
