package comfyserverless.admin.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The digests that every JDK has.
final class Digest {
    private Digest() {}

    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
