package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides conditions about an item; an item that does not exist is an empty one.
public final class ConditionEvaluator {
    private final Map<String, Value> item;

    private ConditionEvaluator(Map<String, Value> item) {
        this.item = item;
    }

    public static boolean holds(Condition condition, Map<String, Value> item) {
        return new ConditionEvaluator(item).holds(condition);
    }

    private boolean holds(Condition condition) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) -> holds(left) && holds(right);
            case Condition.Or(Condition left, Condition right) -> holds(left) || holds(right);
            case Condition.Not(Condition inner) -> !holds(inner);
            case Condition.Compare(Operand left, Condition.Comparator comparator, Operand right) ->
                    compare(value(left), comparator, value(right));
            case Condition.Between(Operand operand, Operand low, Operand high) ->
                    compare(value(low), Condition.Comparator.LE, value(operand))
                            && compare(value(operand), Condition.Comparator.LE, value(high));
            case Condition.In(Operand operand, var candidates) ->
                    candidates.stream()
                            .anyMatch(c ->
                                    compare(value(operand), Condition.Comparator.EQ, value(c)));
            case Condition.Exists(Path path, boolean expected) ->
                    (path.in(item) != null) == expected;
            case Condition.TypeIs(Path path, Operand type) -> hasType(path.in(item), value(type));
            case Condition.BeginsWith(Operand operand, Operand prefix) ->
                    beginsWith(value(operand), value(prefix));
            case Condition.Contains(Operand operand, Operand part) ->
                    contains(value(operand), value(part));
        };
    }

    private static boolean compare(
            @Nullable Value left, Condition.Comparator comparator, @Nullable Value right) {
        if (left == null || right == null) {
            return comparator == Condition.Comparator.NE && (left != null || right != null);
        }
        if (Ordering.comparable(left, right)) {
            return comparator.accepts(Ordering.compare(left, right));
        }
        return switch (comparator) {
            case EQ -> left.equals(right);
            case NE -> !left.equals(right);
            case LT, LE, GT, GE -> false;
        };
    }

    private static boolean hasType(@Nullable Value value, @Nullable Value type) {
        return value != null && type instanceof Value.S(String name) && value.type().equals(name);
    }

    private static boolean beginsWith(@Nullable Value value, @Nullable Value prefix) {
        return switch (value) {
            case Value.S(String text) when prefix instanceof Value.S(String start) ->
                    text.startsWith(start);
            case Value.B(var bytes) when prefix instanceof Value.B(var start) ->
                    bytes.startsWith(start);
            case null, default -> false;
        };
    }

    private static boolean contains(@Nullable Value value, @Nullable Value part) {
        return switch (value) {
            case Value.S(String text) when part instanceof Value.S(String inner) ->
                    text.contains(inner);
            case Value.B(var bytes) when part instanceof Value.B(var inner) ->
                    bytes.contains(inner);
            case Value.SetOf set when part != null -> set.members().contains(part);
            case Value.L list when part != null -> list.elements().contains(part);
            case null, default -> false;
        };
    }

    private @Nullable Value value(Operand operand) {
        return switch (operand) {
            case Operand.At(Path path) -> path.in(item);
            case Operand.Literal(_, Value literal) -> literal;
            case Operand.SizeOf(Path path) -> size(path.in(item));
            case Operand.IfNotExists _, Operand.ListAppend _, Operand.Sum _ ->
                    throw new IllegalArgumentException("not an operand of conditions: " + operand);
        };
    }

    private static @Nullable Value size(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        return switch (value) {
            case Value.S(String text) -> number(text.length());
            case Value.B _ -> number(Sizes.of(value));
            case Value.SetOf set -> number(set.members().size());
            case Value.L list -> number(list.elements().size());
            case Value.M map -> number(map.entries().size());
            case Value.N _, Value.Bool _, Value.Null _ -> null;
        };
    }

    private static Value number(int count) {
        return new Value.N(BigDecimal.valueOf(count));
    }
}
