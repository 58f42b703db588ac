package comfyserverless.handlers.http;

import java.util.Locale;
import java.util.Map;

/// Content types by file name, as ComfyUI 0.3.64 answers them (Python's mimetypes with its own entry
/// for .js).
public final class MimeTypes {
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html"),
                    Map.entry("htm", "text/html"),
                    Map.entry("xhtml", "application/xhtml+xml"),
                    Map.entry("js", "application/javascript; charset=utf-8"),
                    Map.entry("mjs", "application/javascript; charset=utf-8"),
                    Map.entry("css", "text/css"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("xml", "text/xml"),
                    Map.entry("py", "text/x-python"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("zip", "application/zip"),
                    Map.entry("gz", "application/octet-stream"),
                    Map.entry("wasm", "application/wasm"),
                    Map.entry("woff", "font/woff"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("ttf", "font/ttf"),
                    Map.entry("otf", "font/otf"),
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("bmp", "image/bmp"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("avif", "image/avif"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("tif", "image/tiff"),
                    Map.entry("tiff", "image/tiff"),
                    Map.entry("ico", "image/vnd.microsoft.icon"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("wav", "audio/x-wav"),
                    Map.entry("flac", "audio/flac"),
                    Map.entry("ogg", "audio/ogg"),
                    Map.entry("opus", "audio/opus"),
                    Map.entry("m4a", "audio/mp4"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("webm", "video/webm"),
                    Map.entry("mov", "video/quicktime"),
                    Map.entry("mkv", "video/x-matroska"),
                    Map.entry("glb", "model/gltf-binary"),
                    Map.entry("gltf", "model/gltf+json"));

    private MimeTypes() {}

    /// The type of a file of that name; `application/octet-stream` for others.
    public static String of(String name) {
        return TYPES.getOrDefault(extension(name), Response.BYTES);
    }

    /// Whether a browser would run or render what such a file says as a page of ours.
    public static boolean isActive(String name) {
        return switch (extension(name)) {
            case "html", "htm", "xhtml", "js", "mjs", "css", "svg", "xml" -> true;
            default -> false;
        };
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
