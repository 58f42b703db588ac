package comfyserverless.localstack.emulator.dynamodb.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What items and values count for limits and capacity, in bytes, by DynamoDB's published rules.
public final class Sizes {
    private static final int CONTAINER_OVERHEAD = 3;
    private static final int ELEMENT_OVERHEAD = 1;

    private Sizes() {}

    public static int of(Map<String, Value> item) {
        int total = 0;
        for (Map.Entry<String, Value> entry : item.entrySet()) {
            total += utf8(entry.getKey()) + of(entry.getValue());
        }
        return total;
    }

    public static int of(Value value) {
        return switch (value) {
            case Value.S s -> utf8(s.text());
            case Value.N n -> ofNumber(n.number());
            case Value.B b -> b.bytes().length();
            case Value.Bool _, Value.Null _ -> 1;
            case Value.SetOf set -> set.members().stream().mapToInt(Sizes::of).sum();
            case Value.L list ->
                    CONTAINER_OVERHEAD
                            + list.elements().stream()
                                    .mapToInt(e -> of(e) + ELEMENT_OVERHEAD)
                                    .sum();
            case Value.M map ->
                    CONTAINER_OVERHEAD
                            + of(map.entries())
                            + map.entries().size() * ELEMENT_OVERHEAD;
        };
    }

    private static int ofNumber(BigDecimal number) {
        return (number.precision() + 1) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
    }

    public static int utf8(String text) {
        int ascii = 0;
        while (ascii < text.length() && text.charAt(ascii) < 0x80) {
            ascii++;
        }
        return ascii == text.length() ? ascii : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
