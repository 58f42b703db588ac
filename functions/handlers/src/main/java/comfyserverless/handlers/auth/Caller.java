package comfyserverless.handlers.auth;

import comfyserverless.contract.account.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who calls, and how we know.
///
/// @param until when what showed it ends by itself; null where that is not known beforehand
record Caller(Identity identity, How how, @Nullable Instant until) {
    Caller(Identity identity, How how) {
        this(identity, how, null);
    }

    /// What showed it.
    enum How {
        KEY,
        TOKEN,
        /// Sent by a browser of its own accord, also with requests that another site made.
        SESSION
    }
}
