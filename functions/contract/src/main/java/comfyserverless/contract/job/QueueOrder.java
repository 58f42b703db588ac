package comfyserverless.contract.job;

import java.util.HexFormat;

/// Sort keys as text that orders as numbers do.
final class QueueOrder {
    private static final HexFormat HEX = HexFormat.of();

    private QueueOrder() {}

    /// ComfyUI's heap order, by (number, prompt id): the order-preserving bits of the double in 16 hex
    /// digits, then the id.
    static String position(double number, String promptId) {
        long bits = Double.doubleToLongBits(number == 0.0 ? 0.0 : number);
        long ordered = bits < 0 ? ~bits : bits | Long.MIN_VALUE;
        return HEX.toHexDigits(ordered) + "#" + promptId;
    }

    /// A count or a time that is not negative, in 16 hex digits.
    static String count(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is negative");
        }
        return HEX.toHexDigits(count);
    }
}
