package comfyserverless.contract.table;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Small items that nearly every request begins with (the current catalogue, the models' lists): a read of
/// one brings all that were asked for lately, in one batch, and what it found is trusted for a moment.
public final class RecentItems {
    /// How long what was read is trusted.
    public static final Duration TRUSTED = Duration.ofSeconds(1);

    private static final Duration LATELY = Duration.ofMinutes(2);
    private static final int MOST = 50;

    private final Table table;
    private final Clock clock;
    private final Map<Key, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);

    private record Seen(@Nullable Item item, Instant read, Instant asked) {
        private boolean isTrusted(Instant now) {
            return now.isBefore(read.plus(TRUSTED));
        }
    }

    public RecentItems(Table table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    /// The item as it was at most a second ago; empty if there was none.
    public synchronized Optional<Item> get(Key key) {
        Instant now = clock.instant();
        Seen known = seen.get(key);
        if (known == null || !known.isTrusted(now)) {
            read(key, now);
            known = seen.get(key);
        }
        if (known == null) {
            throw new IllegalStateException("an item that was just read is unknown: " + key);
        }
        seen.put(key, new Seen(known.item(), known.read(), now));
        return Optional.ofNullable(known.item());
    }

    private void read(Key key, Instant now) {
        seen.values().removeIf(item -> item.asked().plus(LATELY).isBefore(now));
        List<Key> keys = new ArrayList<>(seen.keySet());
        keys.remove(key);
        while (keys.size() >= MOST) {
            seen.remove(keys.removeFirst());
        }
        keys.add(key);
        Map<Key, Item> found = table.getAll(keys);
        for (Key one : keys) {
            Seen last = seen.get(one);
            seen.put(one, new Seen(found.get(one), now, last == null ? now : last.asked()));
        }
    }
}
