package comfyserverless.contract.prompt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/// The rules for prompt ids (protocol.md): any text of up to 128 printable characters without `#`.
public final class PromptIds {
    private static final Pattern CANONICAL_UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final UUID NAMESPACE = UUID.fromString("6f0d0b52-7a0e-5d5c-9a52-5a0b6e6d0c11");
    private static final int LONGEST = 128;

    private PromptIds() {}

    public static boolean isCanonicalUuid(String id) {
        return CANONICAL_UUID.matcher(id).matches();
    }

    /// Whether an id may be used.
    public static boolean isAllowed(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST
                && id.codePoints()
                        .noneMatch(c -> c == '#' || Character.isISOControl(c) || !isPrintable(c));
    }

    /// The id that an `Idempotency-Key` stands for: a UUID (version 5) of tenant, user and key.
    public static String ofIdempotencyKey(String tenant, String user, String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(
                    java.nio.ByteBuffer.allocate(16)
                            .putLong(NAMESPACE.getMostSignificantBits())
                            .putLong(NAMESPACE.getLeastSignificantBits())
                            .array());
            sha1.update((tenant + "\n" + user + "\n" + key).getBytes(StandardCharsets.UTF_8));
            var bytes = java.nio.ByteBuffer.wrap(sha1.digest());
            long high = (bytes.getLong() & ~0xf000L) | 0x5000L;
            long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
            return new UUID(high, low).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED,
                    Character.SURROGATE,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
