package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.aws.Aws;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.handlers.auth.AuthSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An issuer of tokens that publishes its keys at an address, changes them, and is not always there.
class IssuerKeysIT {
    private final Aws aws =
            EmbeddedStores.open(
                    SampleJobs.settings(UUID.randomUUID().toString()),
                    Clock.systemUTC(),
                    new CallCounter());
    private HttpServer issuer;
    private volatile JWKSet published = new JWKSet();
    private volatile boolean answers = true;

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", this::answer);
        issuer.start();
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            byte[] set = published.toString(true).getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(answers ? 200 : 500, set.length);
            call.getResponseBody().write(set);
        }
    }

    private HttpOverStores server() {
        Map<String, String> environment =
                Map.of(
                        "COMFY_JWT_ISSUER", "https://issuer.example",
                        "COMFY_JWT_AUDIENCE", "comfy",
                        "COMFY_JWT_KEYS",
                                "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
        return HttpOverStores.withAuth(
                aws,
                new RecordingPost(false),
                AuthSettings.local(Set.of(AuthSettings.Mode.JWT), environment));
    }

    private static RSAKey key(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    private static Map<String, String> token(RSAKey by) throws JOSEException {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(),
                        new JWTClaimsSet.Builder()
                                .issuer("https://issuer.example")
                                .audience("comfy")
                                .subject("ann")
                                .claim("tenant", "acme")
                                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                                .build());
        token.sign(new RSASSASigner(by));
        return Map.of("authorization", "Bearer " + token.serialize());
    }

    @Test
    void a_new_key_is_fetched_when_a_token_names_it_and_the_old_one_opens_nothing_from_then_on()
            throws JOSEException {
        RSAKey old = key("old");
        RSAKey next = key("next");
        published = new JWKSet(old);
        HttpOverStores server = server();
        assertThat(server.status("/queue", token(old))).isEqualTo(200);
        published = new JWKSet(next);
        assertThat(server.status("/queue", token(old))).as("still remembered").isEqualTo(200);
        assertThat(server.status("/queue", token(next))).isEqualTo(200);
        assertThat(server.status("/queue", token(old))).isEqualTo(401);
        assertThat(server.status("/queue", token(key("next")))).as("another's").isEqualTo(401);
    }

    @Test
    void while_the_issuer_is_away_known_keys_hold_and_unknown_ones_are_no_refusal()
            throws JOSEException {
        RSAKey known = key("known");
        published = new JWKSet(known);
        HttpOverStores before = server();
        assertThat(before.status("/queue", token(known))).isEqualTo(200);
        answers = false;
        assertThat(before.status("/queue", token(known))).isEqualTo(200);
        assertThat(server().status("/queue", token(known)))
                .as("nobody knows whether it is good")
                .isEqualTo(503);
    }
}
