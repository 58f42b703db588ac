package comfyserverless.localstack.emulator.dynamodb;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.Operand;
import comfyserverless.localstack.emulator.dynamodb.expression.Path;
import comfyserverless.localstack.emulator.dynamodb.table.KeyAttribute;
import comfyserverless.localstack.emulator.dynamodb.table.KeyRange;
import comfyserverless.localstack.emulator.dynamodb.wire.KeyBytes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns a KeyConditionExpression into a range of encoded keys: the hash key equal, the range key in one comparison.
final class KeyCondition {
    private final KeyAttribute hash;
    private final @Nullable KeyAttribute range;
    private @Nullable Value hashValue;
    private @Nullable Condition rangeCondition;

    private KeyCondition(KeyAttribute hash, @Nullable KeyAttribute range) {
        this.hash = hash;
        this.range = range;
    }

    static KeyRange range(Condition condition, KeyAttribute hash, @Nullable KeyAttribute range) {
        KeyCondition keys = new KeyCondition(hash, range);
        conjuncts(condition).forEach(keys::take);
        return keys.range();
    }

    private static List<Condition> conjuncts(Condition condition) {
        if (condition instanceof Condition.And(Condition left, Condition right)) {
            List<Condition> all = new ArrayList<>(conjuncts(left));
            all.addAll(conjuncts(right));
            return all;
        }
        return List.of(condition);
    }

    private void take(Condition condition) {
        String attribute = attribute(condition);
        if (attribute.equals(hash.name()) && hashValue == null) {
            if (condition
                            instanceof
                            Condition.Compare(_, var comparator, Operand.Literal(_, Value value))
                    && comparator == Condition.Comparator.EQ) {
                hashValue = checked(hash, value);
                return;
            }
            throw notSupported();
        }
        if (range == null || !attribute.equals(range.name())) {
            throw ServiceException.validation(
                    "Query condition missed key schema element: "
                            + (range == null || hashValue == null ? hash.name() : range.name()));
        }
        if (rangeCondition != null) {
            throw ServiceException.validation(
                    "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key");
        }
        rangeCondition = condition;
    }

    private static String attribute(Condition condition) {
        return switch (condition) {
            case Condition.Compare(Operand.At(Path path), var comparator, Operand.Literal _)
                    when comparator != Condition.Comparator.NE && path.isAttribute() ->
                    path.attribute();
            case Condition.Between(Operand.At(Path path), Operand.Literal _, Operand.Literal _)
                    when path.isAttribute() ->
                    path.attribute();
            case Condition.BeginsWith(Operand.At(Path path), Operand.Literal _)
                    when path.isAttribute() ->
                    path.attribute();
            default -> throw notSupported();
        };
    }

    private static ServiceException notSupported() {
        return ServiceException.validation("Query key condition not supported");
    }

    private static Value checked(KeyAttribute key, Value value) {
        if (!key.accepts(value)) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: Condition parameter type does not match schema type");
        }
        return value;
    }

    private static Value literal(KeyAttribute key, Operand operand) {
        if (operand instanceof Operand.Literal(_, Value value)) {
            return checked(key, value);
        }
        throw notSupported();
    }

    private KeyRange range() {
        if (hashValue == null) {
            throw ServiceException.validation(
                    "Query condition missed key schema element: " + hash.name());
        }
        byte[] partition = new KeyBytes().add(hashValue).toArray();
        if (rangeCondition == null) {
            return KeyRange.startingWith(partition);
        }
        KeyAttribute key = Objects.requireNonNull(range);
        return switch (rangeCondition) {
            case Condition.Compare(_, var comparator, Operand operand) ->
                    compared(partition, comparator, literal(key, operand));
            case Condition.Between(_, Operand low, Operand high) ->
                    new KeyRange(
                            with(partition, literal(key, low)),
                            KeyBytes.after(with(partition, literal(key, high))));
            case Condition.BeginsWith(_, Operand prefix) ->
                    KeyRange.startingWith(
                            new KeyBytes()
                                    .addRaw(partition)
                                    .addPrefix(literal(key, prefix))
                                    .toArray());
            default -> throw notSupported();
        };
    }

    private static byte[] with(byte[] partition, Value value) {
        return new KeyBytes().addRaw(partition).add(value).toArray();
    }

    private static KeyRange compared(
            byte[] partition, Condition.Comparator comparator, Value value) {
        byte[] at = with(partition, value);
        byte[] after = KeyBytes.after(at);
        byte[] end = KeyBytes.after(partition);
        return switch (comparator) {
            case EQ -> KeyRange.startingWith(at);
            case LT -> new KeyRange(partition, at);
            case LE -> new KeyRange(partition, after);
            case GT -> new KeyRange(after, end);
            case GE -> new KeyRange(at, end);
            case NE -> throw notSupported();
        };
    }
}
