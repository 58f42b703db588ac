package comfyserverless.runner.report;

import comfyserverless.contract.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    Line add(Event event) {
        Line line = new Line(next++, event);
        lines.addLast(line);
        if (lines.size() > MOST) {
            lines.removeFirst();
        }
        return line;
    }

    /// Those that are kept from this number on.
    List<Line> from(long seq) {
        List<Line> found = new ArrayList<>();
        for (Line line : lines) {
            if (line.seq() >= seq) {
                found.add(line);
            }
        }
        return found;
    }

    /// How many were told.
    long count() {
        return next;
    }
}
