package comfyserverless.contract.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conditional write of one item, as data. A write with a condition carries a fresh operation id,
/// which it stores: found on the item after a refusal, it says that this very write had succeeded
/// and only its answer was lost.
public sealed interface Write {
    /// The attribute that holds the operation id of the last conditional write.
    String OPERATION = "op";

    Key key();

    Condition condition();

    /// The operation id, or null for a write without a condition.
    @Nullable String operation();

    /// The item after this write, given the one before; null stands for none. Does not look at the
    /// condition.
    @Nullable Item after(@Nullable Item before);

    static Put put(Item item) {
        return new Put(item, Condition.always(), null);
    }

    static Put put(Item item, Condition condition, String operation) {
        return new Put(item, condition, operation);
    }

    static Update update(Key key, Change... changes) {
        return new Update(key, Condition.always(), List.of(changes), null);
    }

    static Update update(Key key, Condition condition, String operation, List<Change> changes) {
        return new Update(key, condition, changes, operation);
    }

    static Delete delete(Key key) {
        return new Delete(key, Condition.always());
    }

    static Delete delete(Key key, Condition condition) {
        return new Delete(key, condition);
    }

    /// Writes the whole item.
    record Put(Item item, Condition condition, @Nullable String operation) implements Write {
        public Put {
            requireOperation(condition, operation);
        }

        @Override
        public Key key() {
            return item.key();
        }

        @Override
        public Item after(@Nullable Item before) {
            return operation == null ? item : item.with(OPERATION, operation);
        }
    }

    /// Changes attributes; makes the item if there is none.
    record Update(Key key, Condition condition, List<Change> changes, @Nullable String operation)
            implements Write {
        public Update {
            changes = List.copyOf(changes);
            requireOperation(condition, operation);
        }

        @Override
        public Item after(@Nullable Item before) {
            Map<String, Value> old = before == null ? Map.of() : before.values();
            Map<String, Value> values = new HashMap<>(old);
            changes.forEach(change -> change.apply(old, values));
            if (operation != null) {
                values.put(OPERATION, Value.of(operation));
            }
            return new Item(key, values);
        }
    }

    /// Removes the item. A repeated deletion finds nothing and does no harm, so it needs no id.
    record Delete(Key key, Condition condition) implements Write {
        @Override
        public @Nullable String operation() {
            return null;
        }

        @Override
        public @Nullable Item after(@Nullable Item before) {
            return null;
        }
    }

    /// Changes nothing: a condition that a transaction depends on.
    record Check(Key key, Condition condition) implements Write {
        @Override
        public @Nullable String operation() {
            return null;
        }

        @Override
        public @Nullable Item after(@Nullable Item before) {
            return before;
        }
    }

    private static void requireOperation(Condition condition, @Nullable String operation) {
        boolean conditional = !(condition instanceof Condition.Always);
        if (conditional != (operation != null)) {
            throw new IllegalArgumentException(
                    "a write with the condition " + condition + " and operation id " + operation);
        }
    }
}
