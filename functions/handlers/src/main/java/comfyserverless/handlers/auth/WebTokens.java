package comfyserverless.handlers.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.table.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// JSON web tokens of one issuer (RFC 7519): signed with an asymmetric key of its JWK set, for our audience,
/// not ended (clocks may differ by [#SKEW]). `none` and shared secrets are no algorithms here.
///
/// Keys at an address are remembered for five minutes and fetched again when a token names an unknown one, but no more
/// than twice in [#FETCHED_ANEW]; while the issuer does not answer, the last ones hold for [#KEYS_HOLD].
final class WebTokens {
    private static final Logger LOG = LoggerFactory.getLogger(WebTokens.class);
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");
    private static final int HASH_SHOWN = 8;

    /// By how much the issuer's clock may differ from ours.
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final Duration FETCHED_ANEW = Duration.ofSeconds(10);
    private static final Duration KEYS_HOLD = Duration.ofHours(4);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(3);
    private static final int LARGEST_SET = 1 << 20;

    private final AuthSettings.Tokens issuer;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    WebTokens(AuthSettings.Tokens issuer, Clock clock) {
        this.issuer = issuer;
        // Also access tokens of RFC 9068, and issuers that say nothing of the kind.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, source(issuer.keys())));
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(
                        issuer.audience(),
                        new JWTClaimsSet.Builder().issuer(issuer.issuer()).build(),
                        Set.of("sub", "exp")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) SKEW.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    private static JWKSource<SecurityContext> source(AuthSettings.Keys keys) {
        try {
            return switch (keys) {
                case AuthSettings.Keys.At(var address) ->
                        JWKSourceBuilder.<SecurityContext>create(
                                        address.toURL(),
                                        new DefaultResourceRetriever(
                                                (int) CONNECT.toMillis(),
                                                (int) READ.toMillis(),
                                                LARGEST_SET))
                                .retrying(true)
                                .rateLimited(FETCHED_ANEW.toMillis())
                                .outageTolerant(KEYS_HOLD.toMillis())
                                .build();
                case AuthSettings.Keys.Given(var set) -> new ImmutableJWKSet<>(JWKSet.parse(set));
            };
        } catch (MalformedURLException | ParseException e) {
            throw new IllegalArgumentException("COMFY_JWT_KEYS: " + e.getMessage(), e);
        }
    }

    /// Whom a token stands for; empty for whatever is no good one.
    ///
    /// @throws UncheckedIOException if the issuer's keys cannot be had now, so that nobody knows
    Optional<Caller> read(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            Instant until = claims.getExpirationTime().toInstant().plus(SKEW);
            return tenant(claims)
                    .map(tenant -> new Identity(tenant, user(claims), false))
                    .map(identity -> new Caller(identity, Caller.How.TOKEN, until));
        } catch (BadJWTException e) {
            LOG.info("a token was refused: {}", e.getMessage());
            return Optional.empty();
        } catch (BadJOSEException | ParseException e) {
            return Optional.empty();
        } catch (JWKSetUnavailableException e) {
            throw new UncheckedIOException(
                    new IOException("the keys of " + issuer.issuer() + " cannot be had", e));
        } catch (RateLimitReachedException e) {
            LOG.info("a token names a key that the issuer did not have a moment ago");
            return Optional.empty();
        } catch (JOSEException e) {
            LOG.warn("a token could not be checked: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> tenant(JWTClaimsSet claims) {
        return Optional.ofNullable(claims.getClaim(issuer.tenantClaim()))
                .map(Object::toString)
                .or(() -> Optional.ofNullable(issuer.tenant()))
                .filter(Identity::isTenant);
    }

    /// A subject as a user's id: one that can stand in a file's name, different for different subjects.
    private static @Nullable String user(JWTClaimsSet claims) {
        String subject = claims.getSubject();
        if (subject == null || subject.matches("[A-Za-z0-9_-]{1,64}")) {
            return subject;
        }
        String hash = Digests.hex(subject.getBytes(StandardCharsets.UTF_8));
        return subject.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-|(?<=.{48}).*$", "")
                + "-"
                + hash.substring(0, HASH_SHOWN);
    }
}
