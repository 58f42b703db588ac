package comfyserverless.handlers.auth;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Credentials.Kind;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.auth.AuthSettings.Mode;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Query;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signing in: `GET /login` is a page with one field, `POST /login` exchanges a key (or a token) for a session's
/// cookie, `POST /logout` ends it; `POST /ws-ticket` gives what opens one socket where neither headers nor
/// cookies can be sent.
public final class Login {
    /// How often an address may try in a minute.
    static final int TRIES = 5;

    /// How long a ticket waits for its socket.
    static final Duration TICKET = Duration.ofSeconds(60);

    private static final int SECONDS_OF_A_MINUTE = 60;
    private static final int IPV6 = 16;
    private static final String HTML = "text/html; charset=utf-8";
    private static final String LABEL = "browser";

    private final AuthSettings settings;
    private final Credentials credentials;
    private final Callers callers;
    private final Clock clock;

    /// What the page asks for.
    private enum Asked {
        KEY("Your key"),
        TOKEN("Your token"),
        EITHER("Your key or token");

        private final String words;

        Asked(String words) {
            this.words = words;
        }
    }

    public Login(AuthSettings settings, Credentials credentials, Door door, Clock clock) {
        this.clock = clock;
        this.settings = settings;
        this.credentials = credentials;
        this.callers = door.callers();
    }

    public Response page(Call call) {
        return page(200, "", next(call.request().parameter("next")));
    }

    public Response login(Call call) {
        Request request = call.request();
        Form form = Form.of(request);
        if (credentials.tries(household(request.address())) > TRIES) {
            return tooManyTries(form);
        }
        Optional<Caller> caller = callers.bySecret(form.key());
        if (caller.isEmpty()) {
            return form.json()
                    ? HttpProblem.of(401, "unauthorized", "No such key", "it may have been revoked")
                            .response()
                    : page(401, noSuch(), form.next());
        }
        Duration life = life(caller.get());
        Credentials.Issued session =
                credentials.issue(
                        Kind.SESSION,
                        caller.get().identity(),
                        LABEL,
                        life,
                        opener(caller.get(), form));
        Response answer =
                form.json()
                        ? Response.json(
                                Json.object().put("tenant", caller.get().identity().tenant()))
                        : Response.empty(303).with("location", form.next());
        return answer.withCookie(
                        SessionCookie.setting(session.secret(), settings.secureCookies(), life))
                .withCookie(SessionCookie.mark(life))
                .with("cache-control", "no-store");
    }

    /// Whose tries are counted together: an address, of IPv6 the network of 64 bits that one subscriber has.
    private static String household(String address) {
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            int network = bytes.length == IPV6 ? IPV6 / 2 : bytes.length;
            return HexFormat.of().formatHex(bytes, 0, network);
        } catch (IllegalArgumentException e) {
            // no address that a gateway would tell
            return address;
        }
    }

    private String noSuch() {
        return switch (asked()) {
            case KEY -> "There is no such key. It may have been revoked.";
            case TOKEN -> "This token is not valid here, or not any more.";
            case EITHER ->
                    "There is no such key, and as a token it is not valid here, or not any more.";
        };
    }

    private Asked asked() {
        if (settings.allows(Mode.JWT)) {
            return settings.takesKeys() ? Asked.EITHER : Asked.TOKEN;
        }
        return Asked.KEY;
    }

    private Response tooManyTries(Form form) {
        return form.json()
                ? HttpProblem.later(
                                429,
                                "too_many_tries",
                                "Too many tries to sign in",
                                SECONDS_OF_A_MINUTE)
                        .response()
                : page(
                                429,
                                "Too many tries to sign in from here. Wait a minute, then try again.",
                                form.next())
                        .with("retry-after", String.valueOf(SECONDS_OF_A_MINUTE));
    }

    /// The key that the session ends with.
    private static @Nullable String opener(Caller caller, Form form) {
        return caller.how() == Caller.How.KEY ? form.key() : null;
    }

    /// Who came with a token stays no longer than the token does.
    private Duration life(Caller caller) {
        Instant until = caller.until();
        Duration left =
                until == null ? SessionCookie.LIFE : Duration.between(clock.instant(), until);
        return left.compareTo(SessionCookie.LIFE) < 0 ? left : SessionCookie.LIFE;
    }

    public Response logout(Call call) {
        callers.cookie(call.request().cookies())
                .ifPresent(secret -> {
                    credentials.end(secret);
                    callers.forget(Kind.SESSION, secret);
                });
        return Response.empty(303)
                .with("location", "/login")
                .withCookie(SessionCookie.ending(settings.secureCookies()))
                .withCookie(SessionCookie.mark(Duration.ZERO))
                .with("cache-control", "no-store");
    }

    public Response ticket(Call call) {
        Credentials.Issued ticket = credentials.issue(Kind.TICKET, call.caller(), "socket", TICKET);
        return Response.json(
                        Json.object()
                                .put("ticket", ticket.secret())
                                .put("expires_in", TICKET.toSeconds()))
                .with("cache-control", "no-store");
    }

    private Response page(int status, String message, String next) {
        String html =
                template()
                        .replace("{{asked}}", asked().words)
                        .replace("{{message}}", escaped(message))
                        .replace("{{next}}", escaped(next));
        return Response.bytes(status, HTML, html.getBytes(StandardCharsets.UTF_8))
                .with("cache-control", "no-store")
                .with(
                        "content-security-policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
                                + " frame-ancestors 'none'; base-uri 'none'");
    }

    private static String template() {
        try (InputStream in = Login.class.getResourceAsStream("login.html")) {
            if (in == null) {
                throw new IllegalStateException("login.html is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    /// Where a person goes after signing in: a path of this server, never another one.
    private static String next(@Nullable String asked) {
        return asked != null && asked.matches("/([!-~&&[^/\\\\]][!-~&&[^\\\\]]*)?") ? asked : "/";
    }

    /// What was typed in, or sent by a script.
    private record Form(String key, String next, boolean json) {
        static Form of(Request request) {
            if (request.header("content-type").orElse("").startsWith("application/json")) {
                JsonNode body = request.jsonObject();
                return new Form(body.path("key").asText("").strip(), "/", true);
            }
            Query fields = Query.parse(new String(request.body(), StandardCharsets.UTF_8));
            String key = Optional.ofNullable(fields.first("key")).orElse("").strip();
            return new Form(key, Login.next(fields.first("next")), false);
        }
    }
}
