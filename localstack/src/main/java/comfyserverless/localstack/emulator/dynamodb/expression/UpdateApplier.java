package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.wire.Numbers;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Applies an update to an item: every right side sees the item as it was before.
public final class UpdateApplier {
    private final Map<String, Value> before;
    private Map<String, Value> after;

    private UpdateApplier(Map<String, Value> before) {
        this.before = before;
        this.after = new LinkedHashMap<>(before);
    }

    /// The new item; the old one is left as it is.
    public static Map<String, Value> apply(Update update, Map<String, Value> before) {
        UpdateApplier applier = new UpdateApplier(before);
        List<Update.Action.Remove> removals = new ArrayList<>();
        for (Update.Action action : update.actions()) {
            switch (action) {
                case Update.Action.Set(Path path, Operand value) ->
                        applier.put(path, applier.value(value));
                case Update.Action.Add(Path path, Value value) ->
                        applier.put(path, applier.sum(path, value));
                case Update.Action.Delete(Path path, Value.SetOf members) ->
                        applier.delete(path, members);
                case Update.Action.Remove remove -> removals.add(remove);
            }
        }
        removals.sort(Comparator.comparingInt(UpdateApplier::lastIndex).reversed());
        removals.forEach(remove -> applier.put(remove.path(), null));
        return applier.after;
    }

    private static int lastIndex(Update.Action.Remove remove) {
        return remove.path().steps().getLast() instanceof Path.Step.Index(int at) ? at : -1;
    }

    private Value value(Operand operand) {
        return switch (operand) {
            case Operand.Literal(_, Value value) -> value;
            case Operand.At(Path path) -> existing(path.in(before));
            case Operand.IfNotExists(Path path, Operand otherwise) -> {
                Value existing = path.in(before);
                yield existing != null ? existing : value(otherwise);
            }
            case Operand.ListAppend(Operand first, Operand second) ->
                    appended(value(first), value(second));
            case Operand.Sum(Operand left, Operand right, boolean minus) ->
                    sum(value(left), value(right), minus);
            case Operand.SizeOf _ -> throw wrongType();
        };
    }

    private static Value existing(@Nullable Value value) {
        if (value == null) {
            throw ServiceException.validation(
                    "The provided expression refers to an attribute that does not exist in the item");
        }
        return value;
    }

    private static Value appended(Value first, Value second) {
        if (first instanceof Value.L(var head) && second instanceof Value.L(var tail)) {
            List<Value> all = new ArrayList<>(head);
            all.addAll(tail);
            return new Value.L(all);
        }
        throw wrongType();
    }

    private static Value sum(Value left, Value right, boolean minus) {
        if (left instanceof Value.N(BigDecimal a) && right instanceof Value.N(BigDecimal b)) {
            return new Value.N(Numbers.checked(minus ? a.subtract(b) : a.add(b)));
        }
        throw wrongType();
    }

    private Value sum(Path path, Value addition) {
        Value existing = path.in(before);
        if (existing == null) {
            return addition;
        }
        if (existing instanceof Value.SetOf(String type, Set<Value> members)
                && addition instanceof Value.SetOf(String added, Set<Value> more)
                && type.equals(added)) {
            Set<Value> union = new LinkedHashSet<>(members);
            union.addAll(more);
            return new Value.SetOf(type, union);
        }
        return sum(existing, addition, false);
    }

    private void delete(Path path, Value.SetOf gone) {
        Value existing = path.in(before);
        if (existing == null) {
            return;
        }
        if (!(existing instanceof Value.SetOf(String type, Set<Value> members))
                || !type.equals(gone.elementType())) {
            throw wrongType();
        }
        Set<Value> left = new LinkedHashSet<>(members);
        left.removeAll(gone.members());
        put(path, left.isEmpty() ? null : new Value.SetOf(type, left));
    }

    private static ServiceException wrongType() {
        return ServiceException.validation(
                "An operand in the update expression has an incorrect data type");
    }

    private static ServiceException wrongPath() {
        return ServiceException.validation(
                "The document path provided in the update expression is invalid for update");
    }

    /// Sets what lies at the path, or removes it where the value is null.
    private void put(Path path, @Nullable Value value) {
        after = changed(after, path.attribute(), path, 1, value);
    }

    private static Map<String, Value> changed(
            Map<String, Value> map, String key, Path path, int next, @Nullable Value value) {
        Map<String, Value> result = new LinkedHashMap<>(map);
        if (next < path.steps().size()) {
            result.put(key, inside(map.get(key), path, next, value));
        } else if (value == null) {
            result.remove(key);
        } else {
            result.put(key, value);
        }
        return result;
    }

    private static Value inside(
            @Nullable Value container, Path path, int at, @Nullable Value value) {
        return switch (path.steps().get(at)) {
            case Path.Step.Name(String name) when container instanceof Value.M(var entries) ->
                    new Value.M(changed(entries, name, path, at + 1, value));
            case Path.Step.Index(int index) when container instanceof Value.L(var elements) ->
                    new Value.L(changed(elements, index, path, at + 1, value));
            case Path.Step.Name _, Path.Step.Index _ -> throw wrongPath();
        };
    }

    private static List<Value> changed(
            List<Value> list, int index, Path path, int next, @Nullable Value value) {
        List<Value> result = new ArrayList<>(list);
        if (next < path.steps().size()) {
            if (index >= list.size()) {
                throw wrongPath();
            }
            result.set(index, inside(list.get(index), path, next, value));
        } else if (value == null) {
            if (index < list.size()) {
                result.remove(index);
            }
        } else if (index < list.size()) {
            result.set(index, value);
        } else {
            result.add(value);
        }
        return result;
    }
}
