package comfyserverless.handlers.auth;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.route.Access;
import comfyserverless.contract.route.Route;
import comfyserverless.handlers.http.Admission;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where requests and sockets show who they are. The tenant comes from here and from nowhere else.
public final class Door implements Admission {
    /// Whom public routes are answered for when nobody shows anything: no tenant has this data.
    private static final Identity NOBODY = new Identity("nobody", null, false);

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String PAGE = "page.index";

    private final AuthSettings settings;
    private final Identity everybody;
    private final Credentials credentials;
    private final Callers callers;
    private final SameSite sameSite;

    /// A door for these callers.
    ///
    /// @param tenant everybody's, where nobody need show anything
    /// @param trustedHosts hosts and origins whose pages may call with a browser's session, beside the host that is called
    public Door(
            AuthSettings settings,
            String tenant,
            Set<String> trustedHosts,
            Credentials credentials,
            Clock clock) {
        this.settings = settings;
        this.everybody = new Identity(tenant, null, false);
        this.credentials = credentials;
        this.callers = new Callers(settings, credentials, clock);
        this.sameSite = new SameSite(trustedHosts);
    }

    Callers callers() {
        return callers;
    }

    @Override
    public Entry admit(Request request, Route route) {
        if (!settings.isRequired()) {
            return new Entry.Admitted(everybody);
        }
        Optional<Caller> caller = callers.of(request.headers(), request.cookies());
        if (!READS.contains(request.method()) && sentByAnotherSite(request, caller)) {
            return new Entry.Refused(anotherSite().response());
        }
        return caller.<Entry>map(known -> new Entry.Admitted(known.identity()))
                .orElseGet(() -> unknown(request, route));
    }

    /// Whether a browser may have sent this for a page that is not ours. With a session it has to name our page; who
    /// shows nothing may be a script, but a browser that names another page must not sign anybody in here either.
    private boolean sentByAnotherSite(Request request, Optional<Caller> caller) {
        boolean names = request.header("origin").isPresent();
        boolean asks = caller.map(known -> known.how() == Caller.How.SESSION).orElse(names);
        return asks && !sameSite.sent(request.headers());
    }

    private Entry unknown(Request request, Route route) {
        if (route.access() == Access.PUBLIC && !route.name().equals(PAGE)) {
            return new Entry.Admitted(NOBODY);
        }
        Response answer = route.name().equals(PAGE) ? toLogin(request) : unauthorized();
        // A session that has ended: without its cookie the page at the edge leads to the login
        // again.
        return new Entry.Refused(
                callers.cookie(request.cookies()).isEmpty()
                        ? answer
                        : answer.withCookie(SessionCookie.ending(settings.secureCookies())));
    }

    private Response unauthorized() {
        return HttpProblem.of(
                        401,
                        "unauthorized",
                        "This server wants to know who calls",
                        (settings.takesKeys()
                                        ? "send a key as X-API-Key or Authorization: Bearer"
                                        : "send your issuer's token as Authorization: Bearer")
                                + ", or sign in at /login")
                .response()
                .with("www-authenticate", "Bearer")
                .with("cache-control", "no-store");
    }

    private static Response toLogin(Request request) {
        String next = request.path().startsWith("/api") ? "/" : request.path();
        return Response.empty(302)
                .with("location", "/login?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8))
                .with("cache-control", "no-store");
    }

    private static HttpProblem anotherSite() {
        return HttpProblem.of(
                403,
                "wrong_origin",
                "A browser's session is good for this server's own pages only",
                "the header Origin names another site, or is missing; scripts use a key");
    }

    /// Who opens a socket: a key, a token or a session as for requests, or a ticket, which is then used up. Where the
    /// settings say so, clients that can send nothing but an address may show a key there.
    ///
    /// @param token the query parameter of that name
    /// @return the tenant; empty if the socket must be refused
    public Optional<Identity> open(Map<String, String> headers, @Nullable String token) {
        if (!settings.isRequired()) {
            return Optional.of(everybody);
        }
        if (token != null) {
            Optional<Identity> ticket = credentials.redeem(token);
            return ticket.isPresent() || !settings.secretsInAddresses()
                    ? ticket
                    : callers.bySecret(token).map(Caller::identity);
        }
        List<String> cookies =
                Optional.ofNullable(headers.get("cookie")).map(List::of).orElse(List.of());
        return callers.of(headers, cookies)
                .filter(caller -> caller.how() != Caller.How.SESSION || sameSite.sent(headers))
                .map(Caller::identity);
    }
}
