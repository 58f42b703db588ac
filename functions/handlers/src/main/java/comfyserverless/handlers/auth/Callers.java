package comfyserverless.handlers.auth;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Credentials.Kind;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.table.Digests;
import comfyserverless.handlers.auth.AuthSettings.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds out who calls, from headers and cookies.
///
/// What a key or a session stands for is remembered for [#REMEMBERED] at most, so that a request costs no
/// read; a revoked one is refused after that time at the latest.
final class Callers {
    static final Duration REMEMBERED = Duration.ofSeconds(60);

    private static final int MOST_REMEMBERED = 10_000;
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

    private final AuthSettings settings;
    private final Credentials credentials;
    private final Optional<WebTokens> tokens;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /// What a secret stands for, until when.
    private record Known(Identity identity, Instant until) {}

    Callers(AuthSettings settings, Credentials credentials, Clock clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.tokens = settings.tokens().map(issuer -> new WebTokens(issuer, clock));
        this.clock = clock;
    }

    /// Who sent this.
    ///
    /// @param headers by lower-case name
    /// @param cookies as sent, `name=value`, several in one or each by itself
    Optional<Caller> of(Map<String, String> headers, List<String> cookies) {
        Optional<String> shown = secret(headers);
        if (shown.isPresent()) {
            // Who shows something wrong is nobody, whatever else a browser sends along.
            return bySecret(shown.get());
        }
        return cookie(cookies)
                .flatMap(secret -> find(Kind.SESSION, secret))
                .map(identity -> new Caller(identity, Caller.How.SESSION));
    }

    /// Whom a key or a token stands for.
    Optional<Caller> bySecret(String secret) {
        if (settings.allows(Mode.KEY)) {
            Optional<Identity> found = find(Kind.KEY, secret);
            if (found.isPresent()) {
                return found.map(identity -> new Caller(identity, Caller.How.KEY));
            }
        }
        return tokens.flatMap(issuer -> issuer.read(secret));
    }

    /// Forgets a secret that was ended here.
    void forget(Kind kind, String secret) {
        known.remove(name(kind, secret));
    }

    private static Optional<String> secret(Map<String, String> headers) {
        String key = headers.get("x-api-key");
        if (key != null) {
            return Optional.of(key.strip());
        }
        Matcher bearer = BEARER.matcher(headers.getOrDefault("authorization", ""));
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }

    /// The session's cookie.
    Optional<String> cookie(List<String> cookies) {
        String start = SessionCookie.name(settings.secureCookies()) + "=";
        return cookies.stream()
                .flatMap(cookie -> Stream.of(cookie.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(start))
                .map(cookie -> cookie.substring(start.length()))
                .findFirst();
    }

    private Optional<Identity> find(Kind kind, String secret) {
        String name = name(kind, secret);
        Instant now = clock.instant();
        Known remembered = known.get(name);
        if (remembered != null && now.isBefore(remembered.until())) {
            return Optional.of(remembered.identity());
        }
        Optional<Identity> found = credentials.find(kind, secret);
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        found.ifPresentOrElse(
                identity -> known.put(name, new Known(identity, now.plus(REMEMBERED))),
                () -> known.remove(name));
        return found;
    }

    private static String name(Kind kind, String secret) {
        return kind + Digests.hex(secret.getBytes(StandardCharsets.UTF_8));
    }
}
