package comfyserverless.handlers.http;

import comfyserverless.contract.account.Identity;
import comfyserverless.contract.route.Route;

/// Decides whose data a request is about, before its endpoint hears of it.
@FunctionalInterface
public interface Admission {
    /// Whether the request may go on, and as whom.
    Entry admit(Request request, Route route);

    /// What was decided.
    sealed interface Entry {
        /// It goes on.
        record Admitted(Identity who) implements Entry {}

        /// It ends here, with this answer.
        record Refused(Response answer) implements Entry {}
    }
}
