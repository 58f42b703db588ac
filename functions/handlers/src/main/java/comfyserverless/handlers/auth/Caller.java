package comfyserverless.handlers.auth;

import comfyserverless.contract.account.Identity;

/// Who calls, and how we know.
record Caller(Identity identity, How how) {
    /// What showed it.
    enum How {
        KEY,
        TOKEN,
        /// Sent by a browser of its own accord, also with requests that another site made.
        SESSION
    }
}
