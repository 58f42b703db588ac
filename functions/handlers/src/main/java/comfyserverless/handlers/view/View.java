package comfyserverless.handlers.view;

import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.FileAnswer;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Query;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.picture.Pictures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `GET /view`: a file of the input, output or temp folder, whole, in part, as a smaller picture
/// (`preview`) or as one of its channels. Long bodies are a redirect to a signed address.
public final class View implements Endpoint {
    private static final Duration SIGNED_FOR = Duration.ofMinutes(15);

    private final Files files;
    private final int largestInline;

    /// Shows these files.
    ///
    /// @param largestInline the longest body in bytes that is sent inline
    public View(Files files, int largestInline) {
        this.files = files;
        this.largestInline = largestInline;
    }

    /// A file itself, whatever the query of the request says.
    public Response serve(Call call, FileRef ref) {
        return files.find(call.tenant(), ref)
                .map(file -> file(call, file))
                .orElseGet(() -> Response.empty(404));
    }

    /// What a request names: a file that may be there, or the status that says why not.
    private sealed interface Target {
        record Named(FileRef ref) implements Target {}

        record Refused(int status) implements Target {}
    }

    @Override
    public Response answer(Call call) {
        return switch (target(call.request().query())) {
            case Target.Refused refused -> Response.empty(refused.status());
            case Target.Named named ->
                    files.find(call.tenant(), named.ref())
                            .map(file -> show(call, file))
                            .orElseGet(() -> Response.empty(404));
        };
    }

    private static Target target(Query query) {
        String filename = query.first("filename");
        if (filename == null) {
            return new Target.Refused(404);
        }
        AnnotatedName annotated = AnnotatedName.of(filename);
        String name = annotated.name();
        if (name.isEmpty() || name.startsWith("/") || name.contains("..")) {
            return new Target.Refused(400);
        }
        FileType type = annotated.type();
        if (type == null) {
            type = FileType.of(query.first("type", "output")).orElse(null);
        }
        if (type == null) {
            return new Target.Refused(400);
        }
        Optional<String> subfolder = Subfolder.inside(type.word(), query.first("subfolder", ""));
        if (subfolder.isEmpty()) {
            return new Target.Refused(403);
        }
        try {
            String base = name.substring(name.lastIndexOf('/') + 1);
            return new Target.Named(new FileRef(type, subfolder.get(), base));
        } catch (IllegalArgumentException e) {
            // A name that no file can have.
            return new Target.Refused(404);
        }
    }

    private Response show(Call call, StoredFile file) {
        Query query = call.request().query();
        String preview = query.first("preview");
        if (preview != null) {
            String channel = query.first("channel", "");
            byte[] picture = bytes(call.tenant(), file, 0, file.size());
            Pictures.Encoded encoded = Pictures.preview(picture, preview, channel);
            return picture(file, encoded.contentType(), encoded.bytes());
        }
        return switch (query.first("channel", "rgba")) {
            case "rgb" ->
                    picture(
                            file,
                            "image/png",
                            Pictures.colours(bytes(call.tenant(), file, 0, file.size())));
            case "a" ->
                    picture(
                            file,
                            "image/png",
                            Pictures.alpha(bytes(call.tenant(), file, 0, file.size())));
            default -> file(call, file);
        };
    }

    private static Response picture(StoredFile file, String contentType, byte[] bytes) {
        return Response.bytes(200, contentType, bytes)
                .with("content-disposition", disposition(file));
    }

    private Response file(Call call, StoredFile file) {
        FileAnswer.Facts facts =
                new FileAnswer.Facts(contentType(file), file.etag(), file.modified(), file.size());
        return FileAnswer.of(
                call.request(),
                facts,
                Map.of(
                        "content-disposition",
                        disposition(file),
                        "content-security-policy",
                        "sandbox; default-src 'none'"),
                (head, from, length) ->
                        length > largestInline
                                ? redirect(call.tenant(), file)
                                : head.withBody(bytes(call.tenant(), file, from, length)));
    }

    private Response redirect(String tenant, StoredFile file) {
        URI signed =
                files.signedUrl(tenant, file, contentType(file), disposition(file), SIGNED_FOR);
        return Response.empty(302)
                .with("location", signed.toString())
                .with("cache-control", "no-store");
    }

    private byte[] bytes(String tenant, StoredFile file, long from, long length) {
        try (InputStream in = files.read(tenant, file, from)) {
            return in.readNBytes(Math.toIntExact(length));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.ref(), e);
        }
    }

    /// Scripts and pages that somebody brought are never shown as pages of this server.
    private static String contentType(StoredFile file) {
        return MimeTypes.isActive(file.ref().name())
                ? Response.BYTES
                : MimeTypes.of(file.ref().name());
    }

    private static String disposition(StoredFile file) {
        String name = file.ref().name();
        String quoted = "filename=\"" + name.replace("\"", "\\\"") + "\"";
        return MimeTypes.isActive(name) ? "attachment; " + quoted : quoted;
    }
}
