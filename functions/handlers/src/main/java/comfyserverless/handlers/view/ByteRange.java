package comfyserverless.handlers.view;

import comfyserverless.handlers.http.Request;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The part of a file that a Range header asks for.
///
/// @param to the last byte, included; before `from` if there is no such part
record ByteRange(long from, long to) {
    private static final Pattern HEADER = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final ByteRange NONE = new ByteRange(0, -1);

    /// Empty if the whole file is wanted: without the header, or with an If-Range of another version.
    static Optional<ByteRange> of(
            Request request, String etag, @Nullable String modified, long size) {
        Optional<String> header = request.header("range");
        Optional<String> version = request.header("if-range");
        boolean other =
                version.isPresent()
                        && !version.get().equals(etag)
                        && !version.get().equals(modified);
        if (header.isEmpty() || other) {
            return Optional.empty();
        }
        return Optional.of(parse(header.get().strip(), size));
    }

    private static ByteRange parse(String header, long size) {
        Matcher range = HEADER.matcher(header);
        if (!range.matches()) {
            return NONE;
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            long suffix = last.isEmpty() ? 0 : Long.parseLong(last);
            return suffix == 0 ? NONE : new ByteRange(Math.max(0, size - suffix), size - 1);
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
