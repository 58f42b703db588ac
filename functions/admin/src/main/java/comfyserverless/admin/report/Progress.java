package comfyserverless.admin.report;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// How far long work is: on a terminal a line that changes, elsewhere a line for each tenth and at most one in five
/// seconds.
public final class Progress implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Report report;
    private final String what;
    private final long total;
    private final InstantSource clock;
    private final long began;
    private long skipped;
    private long done;
    private long shown;
    private long tenth;

    /// @param what is being done, to what: `uploading a.safetensors`
    /// @param total how many bytes there are
    public Progress(Report report, String what, long total, InstantSource clock) {
        this.report = report;
        this.what = what;
        this.total = total;
        this.clock = clock;
        this.began = clock.millis();
        this.shown = began;
    }

    /// So many more bytes are done.
    public synchronized void add(long bytes) {
        done += bytes;
        long now = clock.millis();
        if (report.isWatched()) {
            if (now - shown >= BETWEEN.toMillis() || done >= total) {
                shown = now;
                report.show(line(now));
            }
        } else if (total > 0 && done * 10 / total > tenth) {
            boolean due = now - shown >= BETWEEN_LINES.toMillis();
            tenth = done * 10 / total;
            if (due || done >= total) {
                shown = now;
                report.note(line(now));
            }
        }
    }

    /// So many bytes had been done before.
    public synchronized void skip(long bytes) {
        skipped += bytes;
        add(bytes);
    }

    private String line(long now) {
        long percent = total == 0 ? 100 : done * 100 / total;
        double seconds = Math.max(0.001, (now - began) / 1000.0);
        double rate = (done - skipped) / seconds;
        String left =
                rate < 1 || done >= total
                        ? ""
                        : ", " + time((long) Math.ceil((total - done) / rate)) + " left";
        return String.format(
                Locale.ROOT,
                "%s: %d %%, %s of %s, %s/s%s",
                what,
                percent,
                size(done),
                size(total),
                size((long) rate),
                left);
    }

    private static String time(long seconds) {
        return seconds < 100 ? seconds + " s" : seconds / 60 + " min";
    }

    /// A number of bytes for people: `6.9 GB`.
    public static String size(long bytes) {
        String[] units = {"bytes", "KB", "MB", "GB", "TB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return unit == 0
                ? bytes + " bytes"
                : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }

    @Override
    public synchronized void close() {
        if (report.isWatched() && shown > began) {
            report.endShown();
        }
    }
}
