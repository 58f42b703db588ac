package comfyserverless.runner.report;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.TokenBucket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The messages that wait to be sent. Results keep their order and are never dropped; of ticks and
/// previews only the latest of a kind waits, at most so many go out a second, and all of them go
/// before the next result.
final class Outbox {
    /// The kinds of which only the latest counts, and how many a second go out after a burst.
    enum Slot {
        PROGRESS(4),
        PROGRESS_STATE(2),
        PREVIEW(2);

        private final int perSecond;

        Slot(int perSecond) {
            this.perSecond = perSecond;
        }

        static Slot of(Event event) {
            return switch (event) {
                case Event.Progress e -> PROGRESS;
                case Event.ProgressState e -> PROGRESS_STATE;
                case Event.Preview e -> PREVIEW;
                default -> throw new IllegalArgumentException(event + " is no tick");
            };
        }
    }

    /// What to do now.
    sealed interface Next {
        /// A message goes out.
        ///
        /// @param fresh results that nobody has seen yet, this one first and those behind it; empty for
        ///     ticks and where it was among an earlier one's
        record Send(Event event, boolean result, List<Event> fresh) implements Next {}

        /// Nothing may go out for so long.
        record Wait(long nanos) implements Next {}

        record Idle() implements Next {}
    }

    private static final int BURST = 20;

    /// So many results behind one are shown with it.
    private static final int AHEAD = 100;

    private static final class Entry {
        private final @Nullable Slot slot;
        private Event event;
        private boolean seen;

        Entry(@Nullable Slot slot, Event event) {
            this.slot = slot;
            this.event = event;
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Slot, Entry> waiting = new EnumMap<>(Slot.class);
    private final Map<Slot, TokenBucket> limits = new EnumMap<>(Slot.class);
    private int results;

    Outbox(long now) {
        for (Slot slot : Slot.values()) {
            limits.put(slot, new TokenBucket(BURST, slot.perSecond, now));
        }
    }

    /// Adds a message that must arrive.
    void tell(Event event) {
        entries.add(new Entry(null, event));
        waiting.clear();
        results++;
    }

    /// Adds a tick or replaces the one of its kind that still waits.
    void show(Event event) {
        Slot slot = Slot.of(event);
        Entry entry = waiting.get(slot);
        if (entry == null) {
            entry = new Entry(slot, event);
            waiting.put(slot, entry);
            entries.add(entry);
        } else {
            entry.event = event;
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Next poll(long now) {
        long least = Long.MAX_VALUE;
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            long wait = results > 0 || entry.slot == null ? 0 : limit(entry.slot).untilNext(now);
            if (wait == 0) {
                List<Event> fresh = entry.slot == null ? fresh(entry) : List.of();
                each.remove();
                return sent(entry, fresh, now);
            }
            least = Math.min(least, wait);
        }
        return least == Long.MAX_VALUE ? new Next.Idle() : new Next.Wait(least);
    }

    private List<Event> fresh(Entry first) {
        if (first.seen) {
            return List.of();
        }
        List<Event> fresh = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.slot == null && !entry.seen) {
                entry.seen = true;
                fresh.add(entry.event);
                if (fresh.size() == AHEAD) {
                    break;
                }
            }
        }
        return fresh;
    }

    private Next sent(Entry entry, List<Event> fresh, long now) {
        if (entry.slot == null) {
            results--;
            return new Next.Send(entry.event, true, fresh);
        }
        limit(entry.slot).spend(now);
        waiting.remove(entry.slot, entry);
        return new Next.Send(entry.event, false, fresh);
    }

    private TokenBucket limit(Slot slot) {
        return java.util.Objects.requireNonNull(limits.get(slot));
    }
}
