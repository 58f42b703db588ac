package comfyserverless.contract.table;

import java.util.Map;

/// One change of one attribute.
public sealed interface Change {
    /// Applies it to attributes that the caller owns; what it reads is as it was before the write.
    void apply(Map<String, Value> before, Map<String, Value> values);

    static Change set(String name, String text) {
        return new Set(name, Value.of(text));
    }

    static Change set(String name, long number) {
        return new Set(name, Value.of(number));
    }

    static Change setIfMissing(String name, String text) {
        return new SetIfMissing(name, Value.of(text));
    }

    static Change remove(String name) {
        return new Remove(name);
    }

    static Change add(String name, long amount) {
        return new Add(name, amount);
    }

    static Change copy(String from, String to) {
        return new Copy(from, to);
    }

    record Set(String name, Value value) implements Change {
        @Override
        public void apply(Map<String, Value> before, Map<String, Value> values) {
            values.put(name, value);
        }
    }

    record SetIfMissing(String name, Value value) implements Change {
        @Override
        public void apply(Map<String, Value> before, Map<String, Value> values) {
            values.putIfAbsent(name, value);
        }
    }

    record Remove(String name) implements Change {
        @Override
        public void apply(Map<String, Value> before, Map<String, Value> values) {
            values.remove(name);
        }
    }

    /// Adds to a whole number that counts as 0 while it is missing.
    record Add(String name, long amount) implements Change {
        @Override
        public void apply(Map<String, Value> before, Map<String, Value> values) {
            values.put(name, Value.of(whole(before, name) + amount));
        }
    }

    /// Copies a whole number that counts as 0 while it is missing.
    record Copy(String from, String to) implements Change {
        @Override
        public void apply(Map<String, Value> before, Map<String, Value> values) {
            values.put(to, Value.of(whole(before, from)));
        }
    }

    private static long whole(Map<String, Value> values, String name) {
        return values.get(name) instanceof Value.Whole whole ? whole.number() : 0;
    }
}
