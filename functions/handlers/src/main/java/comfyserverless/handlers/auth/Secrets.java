package comfyserverless.handlers.auth;

import java.security.SecureRandom;
import java.util.Base64;

/// Texts that nobody can guess.
public final class Secrets {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /// 256 bits of the operating system's randomness, in `A-Z a-z 0-9 - _`.
    public static String fresh() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    /// 256 bits of the operating system's randomness.
    public static byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
