package comfyserverless.contract.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must hold of an item for a write to happen, or for a query to show it.
public sealed interface Condition {
    /// Whether it holds of this item; null stands for no item.
    boolean holds(@Nullable Item item);

    static Condition always() {
        return new Always();
    }

    static Condition absent() {
        return new Absent();
    }

    static Condition present() {
        return new Present();
    }

    static Condition is(String name, String text) {
        return new Is(name, Value.of(text));
    }

    static Condition is(String name, long number) {
        return new Is(name, Value.of(number));
    }

    static Condition has(String name) {
        return new Has(name);
    }

    static Condition lacks(String name) {
        return new Lacks(name);
    }

    static Condition below(String name, long number) {
        return new Below(name, number);
    }

    static Condition above(String name, long number) {
        return new Above(name, number);
    }

    static Condition all(Condition... parts) {
        return new All(List.of(parts));
    }

    static Condition any(Condition... parts) {
        return new Any(List.of(parts));
    }

    default Condition and(Condition other) {
        return all(this, other);
    }

    record Always() implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return true;
        }
    }

    record Absent() implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item == null;
        }
    }

    record Present() implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item != null;
        }
    }

    record Is(String name, Value value) implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item != null && value.equals(item.values().get(name));
        }
    }

    record Has(String name) implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item != null && item.has(name);
        }
    }

    record Lacks(String name) implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item == null || !item.has(name);
        }
    }

    /// The attribute exists and is less than the number.
    record Below(String name, long number) implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item != null && item.has(name) && item.whole(name) < number;
        }
    }

    /// The attribute exists and is greater than the number.
    record Above(String name, long number) implements Condition {
        @Override
        public boolean holds(@Nullable Item item) {
            return item != null && item.has(name) && item.whole(name) > number;
        }
    }

    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(@Nullable Item item) {
            return parts.stream().allMatch(part -> part.holds(item));
        }
    }

    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(@Nullable Item item) {
            return parts.stream().anyMatch(part -> part.holds(item));
        }
    }
}
