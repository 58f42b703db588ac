package comfyserverless.handlers.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of a file that a Range header asks for.
///
/// @param to the last byte, included; before `from` if there is no such part
record ByteRange(long from, long to) {
    private static final Pattern HEADER =
            Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);
    private static final ByteRange NONE = new ByteRange(0, -1);

    /// Empty if the whole file is wanted: without the header, or with an If-Range of another version.
    static Optional<ByteRange> of(Request request, FileAnswer.Facts file) {
        Optional<String> header = request.header("range");
        boolean other =
                request.header("if-range").filter(version -> !isOf(version, file)).isPresent();
        return other ? Optional.empty() : header.map(range -> parse(range.strip(), file.size()));
    }

    private static boolean isOf(String version, FileAnswer.Facts file) {
        Optional<Instant> time = HttpDate.parse(version);
        Instant modified = file.modified();
        if (time.isEmpty() || modified == null) {
            return version.strip().equals(file.etag());
        }
        return !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(time.get());
    }

    private static ByteRange parse(String header, long size) {
        Matcher range = HEADER.matcher(header);
        if (!range.matches()) {
            return NONE;
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            if (last.isEmpty()) {
                return NONE;
            }
            // As in aiohttp the last no bytes are all of them.
            long suffix = Long.parseLong(last);
            return new ByteRange(suffix == 0 ? 0 : Math.max(0, size - suffix), size - 1);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        return from >= size ? NONE : new ByteRange(from, to);
    }

    boolean isSatisfiable() {
        return to >= from;
    }

    long length() {
        return to - from + 1;
    }

    String header(long size) {
        return "bytes " + from + "-" + to + "/" + size;
    }
}
