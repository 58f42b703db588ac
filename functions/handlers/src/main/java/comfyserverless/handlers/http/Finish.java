package comfyserverless.handlers.http;

import java.util.List;
import java.util.Locale;

/// What every answer gets at the end: caching as recorded (cache_middleware.py, ComfyUI 0.3.64),
/// headers for safety, gzip for long texts, no body for HEAD.
public final class Finish {
    private static final int WORTH_GZIP = 8 * 1024;
    private static final List<String> PICTURES =
            List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp");

    private Finish() {}

    public static Response answer(Request request, Response response) {
        Response safe = response.orWith("x-content-type-options", "nosniff");
        if (safe.headers().getOrDefault("content-type", "").startsWith("text/html")) {
            safe = safe.orWith("content-security-policy", "frame-ancestors 'self'");
        }
        boolean refused = response.status() == 405;
        Response cached = refused ? safe : cached(request.path(), safe);
        return request.method().equals("HEAD") ? cached.head() : gzipped(request, cached);
    }

    /// Where answers differ by caller, none of them may be kept for somebody else.
    public static Response forOneCaller(Response response) {
        String kept = response.headers().getOrDefault("cache-control", "");
        return kept.startsWith("public")
                ? response.with("cache-control", kept.replaceFirst("public", "private"))
                : response;
    }

    private static Response cached(String path, Response response) {
        if (path.endsWith(".js") || path.endsWith(".css") || isIndex(path)) {
            return response.orWith("cache-control", "no-cache");
        }
        String lower = path.toLowerCase(Locale.ROOT);
        if (PICTURES.stream().noneMatch(lower::endsWith)) {
            return response;
        }
        return switch (response.status()) {
            case 404 -> response.orWith("cache-control", "public, max-age=3600");
            case 200, 201, 202, 203, 204, 205, 206, 301, 308 ->
                    response.orWith("cache-control", "public, max-age=86400");
            case 302, 303, 307 -> response.orWith("cache-control", "no-cache");
            default -> response;
        };
    }

    private static boolean isIndex(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.startsWith("index") && name.endsWith(".json");
    }

    /// Whether the client may get a compressed answer.
    public static boolean takesGzip(Request request) {
        return request.header("accept-encoding").orElse("").contains("gzip");
    }

    private static Response gzipped(Request request, Response response) {
        String type = response.headers().getOrDefault("content-type", "");
        boolean text =
                type.startsWith("text/") || type.contains("json") || type.contains("javascript");
        if (!text
                || !takesGzip(request)
                || response.body().length < WORTH_GZIP
                || response.headers().containsKey("content-encoding")
                || response.headers().containsKey("content-range")) {
            return response;
        }
        return response.withBody(Gzip.fast(response.body()))
                .with("content-encoding", "gzip")
                .with("vary", "accept-encoding");
    }
}
