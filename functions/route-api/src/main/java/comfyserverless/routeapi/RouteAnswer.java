package comfyserverless.routeapi;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.file.FileRef;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What a pack answers.
///
/// @param headers further ones, by lower-case name
public record RouteAnswer(int status, Content content, Map<String, String> headers) {
    private static final int OK = 200;
    private static final int FOUND = 302;

    /// The kinds of answers.
    public sealed interface Content {
        record Json(JsonNode body) implements Content {}

        /// Text.
        ///
        /// @param contentType `text/plain`, `text/html`, ...; sent as UTF-8
        record Text(String contentType, String text) implements Content {}

        @SuppressWarnings("ArrayRecordComponent")
        record Bytes(String contentType, byte[] bytes) implements Content {}

        /// A file of the tenant, served as /view does: ranges, ETags, and a redirect to a signed address
        /// if it is large. A 404 if there is none.
        record Stored(FileRef file) implements Content {}

        /// An answer that sends the client elsewhere.
        ///
        /// @param location where to, absolute or relative to this server
        record Redirect(String location) implements Content {}
    }

    public RouteAnswer {
        headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    private static RouteAnswer of(int status, Content content) {
        return new RouteAnswer(status, content, Map.of());
    }

    public static RouteAnswer json(JsonNode body) {
        return of(OK, new Content.Json(body));
    }

    public static RouteAnswer text(String text) {
        return of(OK, new Content.Text("text/plain", text));
    }

    public static RouteAnswer bytes(String contentType, byte[] bytes) {
        return of(OK, new Content.Bytes(contentType, bytes));
    }

    public static RouteAnswer file(FileRef file) {
        return of(OK, new Content.Stored(file));
    }

    public static RouteAnswer redirect(String location) {
        return of(FOUND, new Content.Redirect(location));
    }

    /// An answer without a body.
    public static RouteAnswer empty() {
        return bytes("application/octet-stream", new byte[0]);
    }

    public RouteAnswer withStatus(int other) {
        return new RouteAnswer(other, content, headers);
    }

    public RouteAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new RouteAnswer(status, content, more);
    }
}
