package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Callers who come with another issuer's JSON web token.
class WebTokensTest {
    private static RSAKey key;
    private static RSAKey strangers;
    private static ECKey curve;

    private final TestServer server =
            new TestServer(settings -> settings.withAuth(AuthSettings.of(environment(Map.of()))));

    @BeforeAll
    static void make_keys() throws JOSEException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        strangers = new RSAKeyGenerator(2048).keyID("one").generate();
        curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    }

    private static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "COMFY_AUTH", "jwt",
                                "COMFY_JWT_ISSUER", "https://issuer.example",
                                "COMFY_JWT_AUDIENCE", "comfy",
                                "COMFY_JWT_KEYS", new JWKSet(List.of(key, curve)).toString(true),
                                "COMFY_JWT_TENANT_CLAIM", "org"));
        all.putAll(more);
        return all;
    }

    private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = server.clock.instant();
        return change.apply(
                        new JWTClaimsSet.Builder()
                                .issuer("https://issuer.example")
                                .audience("comfy")
                                .subject("ann")
                                .claim("org", "acme")
                                .expirationTime(Date.from(now.plus(Duration.ofMinutes(10)))))
                .build();
    }

    private static String signed(JWTClaimsSet claims, JWSHeader.Builder header, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header.keyID("one").build(), claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWTClaimsSet claims, RSAKey by) {
        try {
            return signed(claims, new JWSHeader.Builder(JWSAlgorithm.RS256), new RSASSASigner(by));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return signed(claims(change), key);
    }

    private int status(String token) {
        return server.get("/queue", "authorization", "Bearer " + token).status();
    }

    @Test
    void a_good_token_opens_its_claims_tenant() {
        String token = token(claims -> claims);
        assertThat(status(token)).isEqualTo(200);
        server.post("/prompt", TestServer.prompt("a", ""), "authorization", "Bearer " + token);
        assertThat(server.ports.jobs().queueRemaining("acme")).isEqualTo(1);
        assertThat(server.ports.jobs().queueRemaining("default")).isZero();
    }

    @Test
    void two_subjects_of_a_tenant_keep_their_own_workflows() {
        String ann = "Bearer " + token(claims -> claims);
        String bob = "Bearer " + token(claims -> claims.subject("auth0|bob@example.org"));
        server.post("/userdata/a.json", "1", "authorization", ann);
        assertThat(server.get("/userdata/a.json", "authorization", ann).status()).isEqualTo(200);
        assertThat(server.get("/userdata/a.json", "authorization", bob).status()).isEqualTo(404);
        assertThat(
                        server.get("/userdata/a.json", "authorization", bob, "comfy-user", "ann")
                                .status())
                .isEqualTo(404);
    }

    @Test
    void an_access_token_of_rfc_9068_is_a_token() throws JOSEException {
        JWSHeader.Builder header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).type(new JOSEObjectType("at+jwt"));
        assertThat(status(signed(claims(c -> c), header, new RSASSASigner(key)))).isEqualTo(200);
    }

    @Test
    void a_token_may_be_signed_on_an_elliptic_curve() throws JOSEException {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("curve").build(),
                        claims(c -> c));
        token.sign(new ECDSASigner(curve));
        assertThat(status(token.serialize())).isEqualTo(200);
    }

    @Test
    void the_issuers_clock_may_be_a_minute_off() {
        Instant now = server.clock.instant();
        String ended = token(c -> c.expirationTime(Date.from(now.minusSeconds(50))));
        assertThat(status(ended)).isEqualTo(200);
        assertThat(status(token(c -> c.notBeforeTime(Date.from(now.plusSeconds(50))))))
                .isEqualTo(200);
        assertThat(status(token(c -> c.expirationTime(Date.from(now.minusSeconds(61))))))
                .isEqualTo(401);
        Response in = server.post("/login", "key=" + ended);
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.cookies().getFirst()).contains("Max-Age=10;");
    }

    @Test
    void wrong_issuer_audience_time_or_tenant_is_nobody() {
        Instant now = server.clock.instant();
        assertThat(status(token(c -> c.issuer("https://other.example")))).isEqualTo(401);
        assertThat(status(token(c -> c.audience("other")))).isEqualTo(401);
        assertThat(status(token(c -> c.audience((String) null)))).isEqualTo(401);
        assertThat(status(token(c -> c.expirationTime(Date.from(now.minusSeconds(120))))))
                .isEqualTo(401);
        assertThat(status(token(c -> c.expirationTime(null)))).isEqualTo(401);
        assertThat(status(token(c -> c.notBeforeTime(Date.from(now.plusSeconds(300))))))
                .isEqualTo(401);
        assertThat(status(token(c -> c.claim("org", null)))).isEqualTo(401);
        assertThat(status(token(c -> c.claim("org", "Acme#x")))).isEqualTo(401);
        assertThat(status(token(c -> c.subject(null)))).isEqualTo(401);
    }

    @Test
    void no_signature_another_key_or_the_public_key_as_a_shared_secret_is_nobody()
            throws JOSEException {
        JWTClaimsSet claims = claims(c -> c);
        assertThat(status(new PlainJWT(claims).serialize())).isEqualTo(401);
        assertThat(status(signed(claims, strangers))).isEqualTo(401);
        byte[] shared = key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.HS256);
        assertThat(status(signed(claims, header, new MACSigner(shared)))).isEqualTo(401);
        byte[] encoded = key.toRSAPublicKey().getEncoded();
        assertThat(
                        status(
                                signed(
                                        claims,
                                        new JWSHeader.Builder(JWSAlgorithm.HS256),
                                        new MACSigner(encoded))))
                .isEqualTo(401);
        String good = signed(claims, key);
        assertThat(status(good.substring(0, good.length() - 8) + "AAAAAAAA")).isEqualTo(401);
        assertThat(status("a.b.c")).isEqualTo(401);
    }

    @Test
    void where_only_tokens_are_taken_a_key_opens_nothing() {
        Response refused = server.get("/queue", "x-api-key", TwoTenantsTest.key(server, "acme"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(TestServer.json(refused).at("/error/details").asText())
                .contains("token")
                .doesNotContain("X-API-Key");
    }

    @Test
    void the_page_asks_for_what_is_taken() {
        assertThat(TestServer.text(server.get("/login"))).contains("Your token");
        assertThat(TestServer.text(server.post("/login", "key=" + token(c -> c.audience("other")))))
                .contains("This token is not valid here");
        TestServer both =
                new TestServer(settings ->
                        settings.withAuth(
                                AuthSettings.of(environment(Map.of("COMFY_AUTH", "key,jwt")))));
        assertThat(TestServer.text(both.get("/login"))).contains("Your key or token");
    }

    @Test
    void a_session_that_a_token_opened_ends_with_the_token() {
        Response in = server.post("/login", "key=" + token(c -> c));
        assertThat(in.status()).isEqualTo(303);
        String cookie = in.cookies().getFirst();
        assertThat(cookie).startsWith("__Host-comfy=").contains("; Secure");
        String sent = cookie.substring(0, cookie.indexOf(';'));
        assertThat(server.get("/queue", "cookie", sent).status()).isEqualTo(401);
        var event = TestServer.event("GET", "/queue", new byte[0]);
        event.putArray("cookies").add(sent);
        assertThat(server.http.answer(event).status()).isEqualTo(200);
        server.clock.advance(Duration.ofMinutes(11));
        assertThat(server.http.answer(event).status()).isEqualTo(401);
    }

    @Test
    void settings_that_name_no_issuer_are_refused_with_what_is_missing() {
        assertThatThrownBy(() -> AuthSettings.of(environment(Map.of("COMFY_JWT_AUDIENCE", " "))))
                .hasMessageContaining("COMFY_JWT_AUDIENCE");
        assertThatThrownBy(
                        () -> AuthSettings.of(environment(Map.of("COMFY_JWT_KEYS", "http://keys"))))
                .hasMessageContaining("https");
        Map<String, String> near =
                environment(Map.of("COMFY_JWT_KEYS", "http://localhost:8080/keys"));
        assertThatThrownBy(() -> AuthSettings.of(near)).hasMessageContaining("https");
        assertThat(AuthSettings.local(Set.of(AuthSettings.Mode.JWT), near).tokens()).isPresent();
        assertThatThrownBy(() -> AuthSettings.of(Map.of("COMFY_AUTH", "basic")))
                .hasMessageContaining("basic");
        assertThat(AuthSettings.of(Map.of()).toString()).isEqualTo("key");
    }
}
