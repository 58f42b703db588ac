package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.dynamodb.wire.KeyBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Encoded keys from `from` (inclusive) to `to` (exclusive); null is open.
public final class KeyRange {
    private final byte @Nullable [] from;
    private final byte @Nullable [] to;

    public KeyRange(byte @Nullable [] from, byte @Nullable [] to) {
        this.from = from;
        this.to = to;
    }

    public static KeyRange all() {
        return new KeyRange(null, null);
    }

    public static KeyRange startingWith(byte[] prefix) {
        return new KeyRange(prefix, KeyBytes.after(prefix));
    }

    /// What is left of the range after this key, read forward or backward.
    public KeyRange beyond(byte[] key, boolean forward) {
        return forward
                ? new KeyRange(later(from, KeyBytes.after(key)), to)
                : new KeyRange(from, earlier(to, key));
    }

    private static byte @Nullable [] later(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static byte @Nullable [] earlier(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
    }

    boolean contains(byte[] key) {
        return (from == null || Arrays.compareUnsigned(key, from) >= 0)
                && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }

    byte @Nullable [] from() {
        return from;
    }

    byte @Nullable [] to() {
        return to;
    }
}
