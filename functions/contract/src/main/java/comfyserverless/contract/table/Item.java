package comfyserverless.contract.table;

import comfyserverless.contract.state.TableDefinition;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An item: its key and its other attributes.
public record Item(Key key, Map<String, Value> values) {
    public Item {
        values = Map.copyOf(values);
    }

    public static Item of(Key key) {
        return new Item(key, Map.of());
    }

    public Item with(String name, Value value) {
        Map<String, Value> more = new HashMap<>(values);
        more.put(name, value);
        return new Item(key, more);
    }

    public Item with(String name, String text) {
        return with(name, Value.of(text));
    }

    public Item with(String name, long number) {
        return with(name, Value.of(number));
    }

    /// As [#with(String, String)], or unchanged for null.
    public Item withOptional(String name, @Nullable String text) {
        return text == null ? this : with(name, text);
    }

    /// Gone from this moment on, though the table may keep it for days.
    public Item expiring(Instant at) {
        return with(TableDefinition.EXPIRY, at.getEpochSecond());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public String text(String name) {
        return switch (values.get(name)) {
            case Value.Text text -> text.text();
            case null -> throw missing(name);
            default -> throw wrong(name, "text");
        };
    }

    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    public long whole(String name) {
        return switch (values.get(name)) {
            case Value.Whole whole -> whole.number();
            case null -> throw missing(name);
            default -> throw wrong(name, "a whole number");
        };
    }

    public long wholeOr(String name, long otherwise) {
        return has(name) ? whole(name) : otherwise;
    }

    public byte[] bytes(String name) {
        return switch (values.get(name)) {
            case Value.Bytes bytes -> bytes.content();
            case null -> throw missing(name);
            default -> throw wrong(name, "bytes");
        };
    }

    public boolean expired(Instant now) {
        return has(TableDefinition.EXPIRY) && whole(TableDefinition.EXPIRY) <= now.getEpochSecond();
    }

    private IllegalStateException missing(String name) {
        return new IllegalStateException("item " + key + " has no attribute \"" + name + "\"");
    }

    private IllegalStateException wrong(String name, String kind) {
        return new IllegalStateException(
                "attribute \"" + name + "\" of item " + key + " is not " + kind);
    }
}
