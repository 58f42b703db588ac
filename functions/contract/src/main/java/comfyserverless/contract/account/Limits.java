package comfyserverless.contract.account;

import comfyserverless.contract.table.Item;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Some limits; what is not named has none.
public record Limits(Map<Limit, Long> values) {
    private static final Limits NONE = new Limits(Map.of());

    public Limits {
        values.forEach((limit, value) -> {
            if (value < 0) {
                throw new IllegalArgumentException(
                        "the limit " + limit.word() + " is " + value + "; it cannot be below 0");
            }
        });
        values = Map.copyOf(values);
    }

    public static Limits none() {
        return NONE;
    }

    /// From `pending=100 running=2`, parted by blanks or commas.
    ///
    /// @throws IllegalArgumentException if a word is no limit or a value no whole number from 0 on
    public static Limits parse(String text) {
        Map<Limit, Long> values = new EnumMap<>(Limit.class);
        for (String part : text.strip().split("[\\s,]+", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String word = equals < 0 ? part : part.substring(0, equals);
            Limit limit = Limit.of(word);
            String value = part.substring(equals + 1);
            if (equals < 0 || !value.matches("\\d{1,18}")) {
                throw new IllegalArgumentException(
                        "\"" + part + "\" must be " + word + "= and a whole number from 0 on");
            }
            values.put(limit, Long.parseLong(value));
        }
        return new Limits(values);
    }

    /// Those that an item has.
    static Limits of(Item item) {
        Map<Limit, Long> values = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            if (item.has(limit.attribute())) {
                values.put(limit, item.whole(limit.attribute()));
            }
        }
        return values.isEmpty() ? NONE : new Limits(values);
    }

    public OptionalLong find(Limit limit) {
        Long value = values.get(limit);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// These, and the others for what these do not name.
    public Limits or(Limits others) {
        if (others.values.isEmpty()) {
            return this;
        }
        Map<Limit, Long> all = new EnumMap<>(Limit.class);
        all.putAll(others.values);
        all.putAll(values);
        return new Limits(all);
    }

    /// As [#parse] reads it.
    public String text() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey().word() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
