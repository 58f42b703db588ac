package comfyserverless.contract.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A symmetric secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64.
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        if (key.length < SHORTEST || key.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a webhook secret has "
                            + SHORTEST
                            + " to "
                            + LONGEST
                            + " bytes, not "
                            + key.length);
        }
        this.key = key.clone();
    }

    /// Reads `whsec_…`.
    public static WebhookSecret of(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a webhook secret begins with " + PREFIX);
        }
        return new WebhookSecret(Base64.getDecoder().decode(text.substring(PREFIX.length())));
    }

    /// Of random bytes.
    public static WebhookSecret of(byte[] random) {
        return new WebhookSecret(random);
    }

    /// What is shown to the receiver, `whsec_…`.
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /// The value of `webhook-signature`: of each secret one signature.
    ///
    /// @param seconds `webhook-timestamp`, seconds since 1970
    public static String signatures(
            List<WebhookSecret> secrets, String id, long seconds, byte[] payload) {
        return secrets.stream()
                .map(secret -> secret.signature(id, seconds, payload))
                .collect(Collectors.joining(" "));
    }

    private String signature(String id, long seconds, byte[] payload) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(payload));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
