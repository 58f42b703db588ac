package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The order of texts (by UTF-8 bytes), numbers and binaries.
final class Ordering {
    private Ordering() {}

    static boolean isOrdered(Value value) {
        return switch (value) {
            case Value.S _, Value.N _, Value.B _ -> true;
            case Value.Bool _, Value.Null _, Value.SetOf _, Value.L _, Value.M _ -> false;
        };
    }

    static boolean comparable(Value a, Value b) {
        return isOrdered(a) && a.type().equals(b.type());
    }

    /// Compares two values for which `comparable` holds.
    static int compare(Value a, Value b) {
        return switch (a) {
            case Value.S(String left) when b instanceof Value.S(String right) ->
                    Arrays.compareUnsigned(
                            left.getBytes(StandardCharsets.UTF_8),
                            right.getBytes(StandardCharsets.UTF_8));
            case Value.N(var left) when b instanceof Value.N(var right) -> left.compareTo(right);
            case Value.B(var left) when b instanceof Value.B(var right) -> left.compareTo(right);
            case Value.S _,
                    Value.N _,
                    Value.B _,
                    Value.Bool _,
                    Value.Null _,
                    Value.SetOf _,
                    Value.L _,
                    Value.M _ ->
                    throw new IllegalArgumentException(
                            a.type() + " and " + b.type() + " have no order");
        };
    }

    static String describe(Value value) {
        return "AttributeValue: " + ValueJson.write(value);
    }
}
