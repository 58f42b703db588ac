package comfyserverless.admin.report;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/// How far work is whose end nobody knows: on a terminal a line that changes, elsewhere at most one in five seconds.
public final class Tally implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Report report;
    private final InstantSource clock;
    private long told;
    private boolean shown;

    public Tally(Report report, InstantSource clock) {
        this.report = report;
        this.clock = clock;
        this.told = clock.millis();
    }

    /// It has come this far.
    ///
    /// @param line asked for only when it is time to tell
    public void at(Supplier<String> line) {
        long now = clock.millis();
        Duration between = report.isWatched() ? BETWEEN : BETWEEN_LINES;
        if (now - told < between.toMillis()) {
            return;
        }
        told = now;
        if (report.isWatched()) {
            shown = true;
            report.show(line.get());
        } else {
            report.note(line.get());
        }
    }

    @Override
    public void close() {
        if (shown) {
            report.endShown();
        }
    }
}
