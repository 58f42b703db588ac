package comfyserverless.handlers.auth;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How callers show who they are.
///
/// @param modes none: anybody may call, and everything is the one tenant's
/// @param secureCookies whether browsers come by https only, as they do in the cloud
/// @param secretsInAddresses whether a socket's `?token=` may be a key or a token besides a ticket
/// @param tokens of whom JSON web tokens are believed; present exactly in mode [Mode#JWT]
public record AuthSettings(
        Set<Mode> modes,
        boolean secureCookies,
        boolean secretsInAddresses,
        Optional<Tokens> tokens) {
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?/.*");

    /// One way of several that may hold together.
    public enum Mode {
        /// A key of ours, in a header or exchanged for a browser's session.
        KEY,
        /// A token of another issuer.
        JWT
    }

    /// Whose tokens are believed.
    ///
    /// @param issuer the claim `iss`
    /// @param audience what the claim `aud` must hold
    /// @param keys the issuer's public keys: the address of a JWK set, or the set itself
    /// @param tenantClaim the claim that names the tenant
    /// @param tenant of those without that claim; null refuses them
    public record Tokens(
            String issuer,
            String audience,
            Keys keys,
            String tenantClaim,
            @Nullable String tenant) {}

    /// The public keys of an issuer.
    public sealed interface Keys {
        /// Fetched from there, and again when a token names an unknown one.
        record At(URI address) implements Keys {}

        /// Given as a JWK set's JSON.
        record Given(String set) implements Keys {}
    }

    public AuthSettings {
        modes = Set.copyOf(modes);
        if (modes.contains(Mode.JWT) != tokens.isPresent()) {
            throw new IllegalArgumentException("mode jwt and the issuer go together: " + modes);
        }
    }

    /// Anybody may call.
    public static AuthSettings none() {
        return new AuthSettings(Set.of(), false, false, Optional.empty());
    }

    /// Keys and sessions, for a server that browsers also reach by http, on this machine.
    public static AuthSettings localKeys() {
        return local(Set.of(Mode.KEY), Map.of());
    }

    /// For a server that browsers also reach by http, on this machine.
    ///
    /// @throws IllegalArgumentException a sentence that says what to set
    public static AuthSettings local(Set<Mode> modes, Map<String, String> environment) {
        return new AuthSettings(
                modes, false, inAddresses(environment), issuer(modes, environment, true));
    }

    /// From COMFY_AUTH (`none`, or `key` and `jwt` joined by commas; `key` where it is not set) and, for `jwt`,
    /// COMFY_JWT_ISSUER, COMFY_JWT_AUDIENCE, COMFY_JWT_KEYS (an https address or a JWK set),
    /// COMFY_JWT_TENANT_CLAIM (`tenant`), COMFY_JWT_TENANT. COMFY_KEY_IN_SOCKET_ADDRESS=true lets sockets show a
    /// key as `?token=KEY`, which logs on the way may keep.
    ///
    /// @throws IllegalArgumentException a sentence that says what to set
    public static AuthSettings of(Map<String, String> environment) {
        Set<Mode> modes = modes(environment.getOrDefault("COMFY_AUTH", "key"));
        return new AuthSettings(
                modes, true, inAddresses(environment), issuer(modes, environment, false));
    }

    private static boolean inAddresses(Map<String, String> environment) {
        return Boolean.parseBoolean(environment.get("COMFY_KEY_IN_SOCKET_ADDRESS"));
    }

    /// Reads `none`, or `key` and `jwt` joined by commas.
    ///
    /// @throws IllegalArgumentException if it is anything else
    public static Set<Mode> modes(String said) {
        EnumSet<Mode> modes = EnumSet.noneOf(Mode.class);
        if (said.strip().equalsIgnoreCase("none")) {
            return modes;
        }
        for (String word : said.split(",", -1)) {
            switch (word.strip().toLowerCase(Locale.ROOT)) {
                case "key" -> modes.add(Mode.KEY);
                case "jwt" -> modes.add(Mode.JWT);
                default ->
                        throw new IllegalArgumentException(
                                "COMFY_AUTH is none, or key and jwt joined by a comma, not \""
                                        + said
                                        + "\"");
            }
        }
        return modes;
    }

    private static Optional<Tokens> issuer(
            Set<Mode> modes, Map<String, String> environment, boolean local) {
        return modes.contains(Mode.JWT)
                ? Optional.of(tokens(environment, local))
                : Optional.empty();
    }

    private static Tokens tokens(Map<String, String> environment, boolean local) {
        List<String> needed = List.of("COMFY_JWT_ISSUER", "COMFY_JWT_AUDIENCE", "COMFY_JWT_KEYS");
        String missing =
                needed.stream()
                        .filter(name -> environment.getOrDefault(name, "").isBlank())
                        .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "Authentication by jwt needs an issuer: set " + missing);
        }
        return new Tokens(
                required(environment, needed.get(0)),
                required(environment, needed.get(1)),
                keys(required(environment, needed.get(2)), local),
                environment.getOrDefault("COMFY_JWT_TENANT_CLAIM", "tenant"),
                environment.get("COMFY_JWT_TENANT"));
    }

    /// @param local whether an issuer on this machine may be asked by http
    private static Keys keys(String said, boolean local) {
        if (said.startsWith("https://") || (local && LOOPBACK.matcher(said).matches())) {
            return new Keys.At(URI.create(said));
        }
        if (said.startsWith("{")) {
            return new Keys.Given(said);
        }
        throw new IllegalArgumentException(
                "COMFY_JWT_KEYS is the https address of a JWK set, or the set itself ({\"keys\": …}), not \""
                        + said
                        + "\"");
    }

    private static String required(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "");
    }

    /// Whether callers must show who they are.
    public boolean isRequired() {
        return !modes.isEmpty();
    }

    /// Whether keys of ours open anything.
    public boolean takesKeys() {
        return allows(Mode.KEY);
    }

    boolean allows(Mode mode) {
        return modes.contains(mode);
    }

    /// The modes as words, for a person.
    @Override
    public String toString() {
        return modes.isEmpty()
                ? "none"
                : Arrays.stream(Mode.values())
                        .filter(modes::contains)
                        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","));
    }
}
