package comfyserverless.localstack.emulator.dynamodb.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Key values as bytes whose unsigned order is DynamoDB's order; concatenated parts order as tuples do.
///
/// Text and binary: a zero byte becomes 00 FF, the end is 00 00. Numbers: sign, exponent, digits + 1, end 00, with
/// everything after the sign inverted for negative ones.
public final class KeyBytes {
    private static final int EXPONENT_BIAS = 0x8000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    public KeyBytes add(Value key) {
        switch (key) {
            case Value.S s -> addEnded(s.text().getBytes(StandardCharsets.UTF_8));
            case Value.B b -> addEnded(b.bytes().toArray());
            case Value.N n -> addNumber(n.number());
            case Value.Bool _, Value.Null _, Value.SetOf _, Value.L _, Value.M _ ->
                    throw new IllegalArgumentException("no key type: " + key.type());
        }
        return this;
    }

    /// Adds the beginning of a text or binary part, so that every key starting with it starts with these bytes.
    public KeyBytes addPrefix(Value prefix) {
        switch (prefix) {
            case Value.S s -> addEscaped(s.text().getBytes(StandardCharsets.UTF_8));
            case Value.B b -> addEscaped(b.bytes().toArray());
            case Value.N _, Value.Bool _, Value.Null _, Value.SetOf _, Value.L _, Value.M _ ->
                    throw new IllegalArgumentException("no prefix of type " + prefix.type());
        }
        return this;
    }

    public KeyBytes addRaw(byte[] encoded) {
        out.writeBytes(encoded);
        return this;
    }

    public byte[] toArray() {
        return out.toByteArray();
    }

    /// The first key after all that start with these bytes; null when there is none.
    public static byte @Nullable [] after(byte[] prefix) {
        int end = prefix.length;
        while (end > 0 && prefix[end - 1] == (byte) 0xFF) {
            end--;
        }
        if (end == 0) {
            return null;
        }
        byte[] next = Arrays.copyOf(prefix, end);
        next[end - 1]++;
        return next;
    }

    private void addEnded(byte[] content) {
        addEscaped(content);
        out.write(0);
        out.write(0);
    }

    private void addEscaped(byte[] content) {
        int from = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == 0) {
                out.write(content, from, at + 1 - from);
                out.write(0xFF);
                from = at + 1;
            }
        }
        out.write(content, from, content.length - from);
    }

    private void addNumber(BigDecimal number) {
        if (number.signum() == 0) {
            out.write(1);
            return;
        }
        boolean negative = number.signum() < 0;
        out.write(negative ? 0 : 2);
        int invert = negative ? 0xFF : 0;
        int exponent = number.precision() - number.scale() + EXPONENT_BIAS;
        out.write((exponent >> 8) ^ invert);
        out.write((exponent & 0xFF) ^ invert);
        String digits = number.unscaledValue().abs().toString();
        for (int i = 0; i < digits.length(); i++) {
            out.write((digits.charAt(i) - '0' + 1) ^ invert);
        }
        out.write(invert);
    }
}
