package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Credentials.Kind;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Callers that must show a key, from the gateway's events to the answers.
class SignInTest {
    private static final String HERE = "http://127.0.0.1:8188";

    private final TestServer server =
            new TestServer(settings -> settings.withAuth(AuthSettings.localKeys()));
    private final Credentials credentials = server.ports.credentials();
    private final Credentials.Issued key =
            credentials.issue(Kind.KEY, new Identity("acme", null, false), "script", null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/queue",
                "/api/history",
                "/view?filename=a.png",
                "/object_info",
                "/nowhere"
            })
    void without_a_key_nothing_is_told(String path) {
        Response answer = server.get(path);
        assertThat(answer.status()).isIn(401, 404);
        if (answer.status() == 401) {
            assertThat(TestServer.json(answer).at("/error/type").asText())
                    .isEqualTo("unauthorized");
            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
        }
    }

    @Test
    void a_key_is_taken_from_either_header() {
        assertThat(server.get("/queue", "x-api-key", key.secret()).status()).isEqualTo(200);
        assertThat(server.get("/queue", "authorization", "Bearer " + key.secret()).status())
                .isEqualTo(200);
        assertThat(server.get("/queue", "authorization", "Basic " + key.secret()).status())
                .isEqualTo(401);
        assertThat(server.get("/queue", "x-api-key", key.secret() + "x").status()).isEqualTo(401);
    }

    @Test
    void what_a_key_posts_is_its_tenants() {
        server.post("/prompt", TestServer.prompt("a", ""), "x-api-key", key.secret());
        assertThat(server.ports.jobs().queueRemaining("acme")).isEqualTo(1);
        assertThat(server.ports.jobs().queueRemaining("default")).isZero();
    }

    @Test
    void a_revoked_key_is_refused_a_minute_later_at_the_latest() {
        assertThat(server.get("/queue", "x-api-key", key.secret()).status()).isEqualTo(200);
        credentials.revoke("acme", key.id());
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(server.get("/queue", "x-api-key", key.secret()).status()).isEqualTo(401);
    }

    @Test
    void the_sessions_that_a_key_opened_end_with_it() {
        String cookie = cookie(signIn(key.secret(), "/"));
        assertThat(server.http.answer(withCookie("GET", "/queue", cookie)).status()).isEqualTo(200);
        credentials.revoke("acme", key.id());
        String late = cookie(signIn(key.secret(), "/"));
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(server.http.answer(withCookie("GET", "/queue", cookie)).status()).isEqualTo(401);
        assertThat(server.http.answer(withCookie("GET", "/queue", late)).status())
                .as("opened while the key was still remembered")
                .isEqualTo(401);
    }

    @Test
    void public_routes_need_no_key() {
        assertThat(server.get("/health").status()).isEqualTo(200);
        assertThat(server.get("/openapi.json").status()).isEqualTo(200);
        server.pages.put("page.css", new byte[] {1});
        assertThat(server.get("/page.css").status()).isEqualTo(200);
    }

    @Test
    void the_page_leads_to_the_sign_in_and_back() {
        Response page = server.get("/");
        assertThat(page.status()).isEqualTo(302);
        assertThat(page.headers()).containsEntry("location", "/login?next=%2F");
        Response form = server.get("/login?next=%2F");
        assertThat(TestServer.text(form))
                .contains("Your key<")
                .contains("name=\"key\"")
                .contains("value=\"/\"");
        Response in = signIn(key.secret(), "/");
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.headers()).containsEntry("location", "/");
        assertThat(in.cookies().getFirst()).contains("HttpOnly").contains("SameSite=Lax");
        assertThat(server.http.answer(withCookie("GET", "/queue", cookie(in))).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"})
    void nobody_is_led_elsewhere_after_signing_in(String next) {
        assertThat(signIn(key.secret(), next).headers()).containsEntry("location", "/");
    }

    @Test
    void a_wrong_key_is_told_on_the_page_and_six_tries_a_minute_are_too_many() {
        for (int i = 0; i < 5; i++) {
            Response answer = signIn("guess" + i, "/");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.cookies()).isEmpty();
            assertThat(TestServer.text(answer)).contains("There is no such key");
        }
        Response sixth = signIn(key.secret(), "/");
        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.headers()).containsKey("retry-after");
        assertThat(TestServer.text(sixth)).contains("Wait a minute").contains("name=\"key\"");
        Response script =
                server.post(
                        "/login",
                        "{\"key\":\"" + key.secret() + "\"}",
                        "content-type",
                        "application/json");
        assertThat(script.status()).isEqualTo(429);
        assertThat(TestServer.json(script).at("/error/type").asText()).isEqualTo("too_many_tries");
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(signIn(key.secret(), "/").status()).isEqualTo(303);
    }

    @Test
    void tries_from_one_household_count_together() {
        assertThat(tries("2001:db8:1:2::", 6)).endsWith(401, 429);
        assertThat(tries("2001:db8:1:3::", 1)).containsExactly(401);
        assertThat(tries("192.0.2.", 6)).containsOnly(401);
    }

    private List<Integer> tries(String network, int number) {
        return IntStream.range(1, number + 1)
                .mapToObj(i -> server.post("/login", "key=guess", "x-viewer-address", network + i))
                .map(Response::status)
                .toList();
    }

    @Test
    void a_session_works_for_this_servers_own_pages_only() {
        String cookie = cookie(signIn(key.secret(), "/"));
        ObjectNode own = withCookie("POST", "/interrupt", cookie);
        ((ObjectNode) own.get("headers")).put("origin", HERE);
        assertThat(server.http.answer(own).status()).isEqualTo(200);
        ObjectNode foreign = withCookie("POST", "/interrupt", cookie);
        ((ObjectNode) foreign.get("headers")).put("origin", "http://127.0.0.1:9999");
        assertThat(server.http.answer(foreign).status()).isEqualTo(403);
        ObjectNode silent = withCookie("POST", "/interrupt", cookie);
        Response refused = server.http.answer(silent);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(TestServer.json(refused).at("/error/type").asText()).isEqualTo("wrong_origin");
    }

    @Test
    void a_session_ends_by_signing_out_and_after_twelve_hours() {
        String cookie = cookie(signIn(key.secret(), "/"));
        ObjectNode out = withCookie("POST", "/logout", cookie);
        ((ObjectNode) out.get("headers")).put("origin", HERE);
        assertThat(server.http.answer(out).cookies().getFirst()).contains("Max-Age=0");
        assertThat(server.http.answer(withCookie("GET", "/queue", cookie)).status()).isEqualTo(401);
        String other = cookie(signIn(key.secret(), "/"));
        server.clock.advance(Duration.ofHours(12).plusSeconds(1));
        assertThat(server.http.answer(withCookie("GET", "/queue", other)).status()).isEqualTo(401);
    }

    @Test
    void sockets_open_by_key_ticket_or_session_and_by_nothing_else() {
        assertThat(socket("A", Map.of(), null)).isEqualTo(401);
        assertThat(socket("B", Map.of("x-api-key", key.secret()), null)).isEqualTo(200);
        String cookie = cookie(signIn(key.secret(), "/"));
        assertThat(socket("C", Map.of("cookie", "a=b; " + cookie, "origin", HERE), null))
                .isEqualTo(200);
        assertThat(socket("D", Map.of("cookie", cookie, "origin", "http://127.0.0.1:1"), null))
                .isIn(401, 403);
        Response ticket = server.post("/api/ws-ticket", "", "x-api-key", key.secret());
        String token = TestServer.json(ticket).path("ticket").asText();
        assertThat(socket("E", Map.of(), token)).isEqualTo(200);
        assertThat(socket("F", Map.of(), token)).as("used up").isEqualTo(401);
        assertThat(socket("G", Map.of(), key.secret())).as("a key is no ticket").isEqualTo(401);
        assertThat(server.ports.connections().byConnectionId("E").orElseThrow().tenant())
                .isEqualTo("acme");
    }

    @Test
    void where_it_is_set_a_sockets_address_may_hold_a_key() {
        AuthSettings auth =
                AuthSettings.local(
                        Set.of(AuthSettings.Mode.KEY),
                        Map.of("COMFY_KEY_IN_SOCKET_ADDRESS", "true"));
        TestServer open = new TestServer(settings -> settings.withAuth(auth));
        String secret = TwoTenantsTest.key(open, "acme");
        assertThat(open.open("A", Map.of("token", secret))).isEqualTo(200);
        assertThat(open.ports.connections().byConnectionId("A").orElseThrow().tenant())
                .isEqualTo("acme");
        assertThat(open.open("B", Map.of("token", secret + "x"))).isEqualTo(401);
        assertThat(open.get("/queue?token=" + secret).status()).isEqualTo(401);
    }

    @Test
    void a_ticket_waits_a_minute() {
        Response ticket = server.post("/api/ws-ticket", "", "x-api-key", key.secret());
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(socket("A", Map.of(), TestServer.json(ticket).path("ticket").asText()))
                .isEqualTo(401);
    }

    @Test
    void where_no_key_is_needed_there_is_no_sign_in() {
        TestServer open = new TestServer();
        assertThat(open.get("/queue").status()).isEqualTo(200);
        assertThat(open.get("/login").status()).isEqualTo(404);
        assertThat(open.post("/api/ws-ticket", "").status()).isIn(404, 405);
    }

    private Response signIn(String secret, String next) {
        return server.post(
                "/login",
                "key=" + secret + "&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8),
                "content-type",
                "application/x-www-form-urlencoded");
    }

    private static String cookie(Response signedIn) {
        String set = signedIn.cookies().getFirst();
        return set.substring(0, set.indexOf(';'));
    }

    private static ObjectNode withCookie(String method, String path, String cookie) {
        ObjectNode event = TestServer.event(method, path, new byte[0]);
        event.putArray("cookies").add(cookie);
        return event;
    }

    private int socket(String connection, Map<String, String> headers, @Nullable String token) {
        ObjectNode event = Json.object();
        ObjectNode sent = event.putObject("headers");
        sent.put("host", "127.0.0.1:8188").put("x-origin-secret", TestServer.SECRET);
        headers.forEach(sent::put);
        event.putObject("requestContext")
                .put("eventType", "CONNECT")
                .put("connectionId", connection)
                .put("connectedAt", server.clock.instant().toEpochMilli());
        ObjectNode query = event.putObject("queryStringParameters").put("clientId", "same");
        if (token != null) {
            query.put("token", token);
        }
        return server.socket.handle(event);
    }
}
