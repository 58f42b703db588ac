package comfyserverless.runner.report;

import comfyserverless.contract.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// The results of a run in the order in which they were told, numbered from 0; the latest of them are
/// kept for a client that comes back.
final class Told {
    /// So many are kept: far more than come between two looks at the client's socket.
    private static final int MOST = 1_000;

    /// A result and its number.
    record Line(long seq, Event event) {}

    private final Deque<Line> lines = new ArrayDeque<>();
    private long next;

    void add(Event event) {
        lines.addLast(new Line(next++, event));
        if (lines.size() > MOST) {
            lines.removeFirst();
        }
    }

    /// Those that are kept from this number on.
    List<Line> from(long seq) {
        List<Line> found = new ArrayList<>();
        Iterator<Line> newest = lines.descendingIterator();
        while (newest.hasNext()) {
            Line line = newest.next();
            if (line.seq() < seq) {
                break;
            }
            found.add(line);
        }
        return found.reversed();
    }

    /// How many were told.
    long count() {
        return next;
    }
}
