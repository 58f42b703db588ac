package comfyserverless.admin;

import comfyserverless.admin.report.Progress;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers with units, as people write them.
final class Amount {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,15})(?:\\.(\\d{1,3}))?\\s*([a-zA-Z]*)");
    private static final Map<String, Long> NONE = Map.of("", 1L);
    private static final Map<String, Long> TIMES =
            Map.of("", 1L, "s", 1L, "m", 60L, "min", 60L, "h", 3600L);
    private static final Map<String, Long> DAYS =
            Map.of("", 1L, "d", 1L, "day", 1L, "days", 1L, "w", 7L);
    private static final Map<String, Long> SIZES =
            Map.ofEntries(
                    Map.entry("", 1L),
                    Map.entry("b", 1L),
                    Map.entry("kb", 1_000L),
                    Map.entry("mb", 1_000_000L),
                    Map.entry("gb", 1_000_000_000L),
                    Map.entry("tb", 1_000_000_000_000L),
                    Map.entry("kib", 1L << 10),
                    Map.entry("mib", 1L << 20),
                    Map.entry("gib", 1L << 30),
                    Map.entry("tib", 1L << 40));
    private static final int SECONDS = 60;

    private Amount() {}

    static long number(String option, String text) {
        return parse(option, text, NONE, "a whole number, such as 100");
    }

    static long seconds(String option, String text) {
        return parse(option, text, TIMES, "a time, such as 3600, 90m or 2h");
    }

    static long days(String option, String text) {
        return parse(option, text, DAYS, "a number of days, such as 30d");
    }

    static long bytes(String option, String text) {
        return parse(option, text, SIZES, "a size, such as 500MB, 10GB or 1.5TB");
    }

    private static long parse(String option, String text, Map<String, Long> units, String form) {
        Matcher matcher = FORM.matcher(text.strip());
        Long unit = matcher.matches() ? units.get(matcher.group(3).toLowerCase(Locale.ROOT)) : null;
        if (unit == null || (matcher.group(2) != null && unit == 1)) {
            throw new IllegalArgumentException(option + " " + text + ": it must be " + form + ".");
        }
        try {
            long value = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
            String part = matcher.group(2);
            return part == null
                    ? value
                    : Math.addExact(value, Math.round(Double.parseDouble("0." + part) * unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    option + " " + text + ": that is more than can be counted; " + form + ".", e);
        }
    }

    /// `10.0 GB`.
    static String size(long bytes) {
        return Progress.size(bytes);
    }

    /// `1 h 02 min 03 s`, without what is nothing at its front.
    static String time(long seconds) {
        long minutes = seconds / SECONDS;
        if (minutes == 0) {
            return seconds + " s";
        }
        if (minutes < SECONDS) {
            return "%d min %02d s".formatted(minutes, seconds % SECONDS);
        }
        return "%d h %02d min %02d s"
                .formatted(minutes / SECONDS, minutes % SECONDS, seconds % SECONDS);
    }
}
