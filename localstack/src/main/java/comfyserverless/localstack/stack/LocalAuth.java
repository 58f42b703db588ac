package comfyserverless.localstack.stack;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.localstack.start.CannotStart;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How the local stack asks callers who they are: as the cloud does, but for cookies that also work by http.
final class LocalAuth {
    private LocalAuth() {}

    static AuthSettings settings(Set<AuthSettings.Mode> modes, Map<String, String> environment) {
        try {
            return AuthSettings.local(modes, environment);
        } catch (IllegalArgumentException e) {
            throw new CannotStart(e.getMessage() + ".", e);
        }
    }

    /// A key for whoever started this, where keys are asked for and there is none yet.
    static Optional<String> firstKey(HandlerPorts handlers) {
        String tenant = handlers.settings().tenant();
        Credentials credentials = handlers.credentials();
        boolean wanted =
                handlers.settings().auth().takesKeys()
                        && credentials.list(tenant).stream()
                                .noneMatch(shown -> shown.kind() == Credentials.Kind.KEY);
        return wanted
                ? Optional.of(
                        credentials
                                .issue(
                                        Credentials.Kind.KEY,
                                        new Identity(tenant, null, true),
                                        "first",
                                        null)
                                .secret())
                : Optional.empty();
    }
}
