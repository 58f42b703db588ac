package comfyserverless.handlers.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file as an answer: whole, in part (`Range`), or only that it is unchanged (aiohttp's
/// FileResponse, and RFC 9110 where that is stricter).
public final class FileAnswer {
    private static final int ETAG_BYTES = 16;

    private FileAnswer() {}

    /// What is known of the file before it is read.
    ///
    /// @param etag strong, in quotes
    /// @param modified null where it is not known
    public record Facts(String contentType, String etag, @Nullable Instant modified, long size) {}

    /// Makes the answer's body.
    @FunctionalInterface
    public interface Body {
        /// The answer `head` with these bytes of the file, or another one in its place.
        Response part(Response head, long from, long length);
    }

    /// A file that is at hand as a whole; its etag is made of its bytes.
    public static Response of(Request request, String contentType, byte[] bytes) {
        return of(request, contentType, null, bytes);
    }

    /// The same, with the time of its last change.
    public static Response of(
            Request request, String contentType, @Nullable Instant modified, byte[] bytes) {
        Facts facts = new Facts(contentType, etag(bytes), modified, bytes.length);
        return of(
                request,
                facts,
                Map.of(),
                (head, from, length) ->
                        head.withBody(
                                length == bytes.length
                                        ? bytes
                                        : Arrays.copyOfRange(
                                                bytes, (int) from, (int) (from + length))));
    }

    /// Any file.
    ///
    /// @param headers go with every answer, refusals included
    public static Response of(Request request, Facts file, Map<String, String> headers, Body body) {
        Response bare = Response.empty(200).with("content-type", file.contentType());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            bare = bare.with(header.getKey(), header.getValue());
        }
        if (isAnother(request, file)) {
            return bare.withStatus(412);
        }
        Response head = bare.with("etag", file.etag());
        if (file.modified() != null) {
            head = head.with("last-modified", HttpDate.write(file.modified()));
        }
        if (isUnchanged(request, file)) {
            return head.withStatus(304);
        }
        Optional<ByteRange> range = ByteRange.of(request, file);
        if (range.isPresent() && !range.get().isSatisfiable()) {
            return bare.withStatus(416).with("content-range", "bytes */" + file.size());
        }
        head = head.with("accept-ranges", "bytes");
        long from = range.map(ByteRange::from).orElse(0L);
        long length = range.map(ByteRange::length).orElse(file.size());
        if (range.isPresent()) {
            head = head.withStatus(206).with("content-range", range.get().header(file.size()));
        }
        return request.method().equals("HEAD")
                ? head.with("content-length", String.valueOf(length))
                : body.part(head, from, length);
    }

    /// Whether the client wants another version than there is: If-Match, else If-Unmodified-Since.
    private static boolean isAnother(Request request, Facts file) {
        Optional<String> match = request.header("if-match");
        return match.isPresent()
                ? etags(match.get()).noneMatch(tag -> tag.equals("*") || tag.equals(file.etag()))
                : request.header("if-unmodified-since")
                        .flatMap(HttpDate::parse)
                        .filter(time -> isAfter(file, time))
                        .isPresent();
    }

    /// Whether the client has this version: If-None-Match, else If-Modified-Since.
    private static boolean isUnchanged(Request request, Facts file) {
        Optional<String> known = request.header("if-none-match");
        return known.isPresent()
                ? etags(known.get())
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(file.etag()))
                : request.header("if-modified-since")
                        .flatMap(HttpDate::parse)
                        .filter(time -> file.modified() != null && !isAfter(file, time))
                        .isPresent();
    }

    private static boolean isAfter(Facts file, Instant time) {
        Instant modified = file.modified();
        return modified != null && modified.truncatedTo(ChronoUnit.SECONDS).isAfter(time);
    }

    private static Stream<String> etags(String header) {
        return Stream.of(header.split(",", -1)).map(String::strip);
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"" + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
