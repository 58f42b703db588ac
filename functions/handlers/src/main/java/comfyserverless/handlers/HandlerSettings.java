package comfyserverless.handlers;

import comfyserverless.handlers.auth.AuthSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The settings of the functions, read once at the start.
///
/// @param tenant whose data is served in single-tenant mode
/// @param originSecrets what CloudFront (or the local gateway) sends with each request; two while they
///     are changed, none where requests come without it
/// @param trustedHosts further host names, lower case, under which the server may be called (`*` is
///     any), and origins (`http://name:port`) whose pages may call it
/// @param largestInline the longest /view body in bytes that is sent inline; longer ones are a
///     redirect to a signed URL
/// @param maxUpload what /features announces as max_upload_size, bytes
/// @param maxMessage the longest WebSocket message in bytes
/// @param otherSockets how many sockets besides the submitting client's get a status directly
/// @param multiUser whether a tenant has users of its own making (the header comfy-user)
/// @param auth how callers show who they are
/// @param arguments the command line that /system_stats shows
public record HandlerSettings(
        String tenant,
        List<String> originSecrets,
        Set<String> trustedHosts,
        int largestInline,
        long maxUpload,
        int maxMessage,
        int otherSockets,
        boolean multiUser,
        AuthSettings auth,
        List<String> arguments) {
    /// The version of ComfyUI whose routes and messages are served.
    public static final String COMFYUI_VERSION = "0.3.64";

    /// The front end that this version of ComfyUI asks for.
    public static final String FRONTEND_VERSION = "1.27.10";

    public HandlerSettings {
        originSecrets = List.copyOf(originSecrets);
        trustedHosts = Set.copyOf(trustedHosts);
        arguments = List.copyOf(arguments);
    }

    public static HandlerSettings defaults() {
        return new HandlerSettings(
                "default",
                List.of(),
                Set.of(),
                256 * 1024,
                100L * 1024 * 1024,
                31 * 1024,
                8,
                false,
                AuthSettings.none(),
                List.of("main.py"));
    }

    /// From the environment that the CDK app gives to functions. Without COMFY_HOSTS every host name is
    /// right: API Gateway answers to its own names only.
    public static HandlerSettings of(Map<String, String> environment) {
        return defaults()
                .withOriginSecrets(words(environment.getOrDefault("COMFY_ORIGIN_SECRETS", "")))
                .withTrustedHosts(Set.copyOf(words(environment.getOrDefault("COMFY_HOSTS", "*"))))
                .withMultiUser(Boolean.parseBoolean(environment.get("COMFY_MULTI_USER")))
                .withAuth(AuthSettings.of(environment));
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).filter(w -> !w.isEmpty()).toList();
    }

    public HandlerSettings withTenant(String tenant) {
        return with(copy -> copy.tenant = tenant);
    }

    public HandlerSettings withOriginSecrets(List<String> secrets) {
        return with(copy -> copy.originSecrets = secrets);
    }

    public HandlerSettings withTrustedHosts(Set<String> hosts) {
        return with(copy -> copy.trustedHosts = hosts);
    }

    public HandlerSettings withMultiUser(boolean several) {
        return with(copy -> copy.multiUser = several);
    }

    public HandlerSettings withAuth(AuthSettings auth) {
        return with(copy -> copy.auth = auth);
    }

    private HandlerSettings with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new HandlerSettings(
                copy.tenant,
                copy.originSecrets,
                copy.trustedHosts,
                largestInline,
                maxUpload,
                maxMessage,
                otherSockets,
                copy.multiUser,
                copy.auth,
                arguments);
    }

    /// What may be set otherwise.
    private static final class Copy {
        private String tenant;
        private List<String> originSecrets;
        private Set<String> trustedHosts;
        private boolean multiUser;
        private AuthSettings auth;

        Copy(HandlerSettings settings) {
            this.tenant = settings.tenant();
            this.originSecrets = settings.originSecrets();
            this.trustedHosts = settings.trustedHosts();
            this.multiUser = settings.multiUser();
            this.auth = settings.auth();
        }
    }
}
