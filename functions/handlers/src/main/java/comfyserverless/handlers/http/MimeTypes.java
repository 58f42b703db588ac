package comfyserverless.handlers.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
                    Map.entry("log", "text/plain"),
                    Map.entry("srt", "text/plain"),
                    Map.entry("vtt", "text/vtt"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("tsv", "text/tab-separated-values"),
                    Map.entry("xml", "text/xml"),
                    Map.entry("py", "text/x-python"),
                    Map.entry("sh", "text/x-sh"),
                    Map.entry("rtf", "application/rtf"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry(
                            "docx",
                            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                    Map.entry("zip", "application/zip"),
                    Map.entry("tar", "application/x-tar"),
                    Map.entry("tgz", "application/x-tar"),
                    Map.entry("7z", "application/x-7z-compressed"),
                    Map.entry("wasm", "application/wasm"),
                    Map.entry("woff", "font/woff"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("ttf", "font/ttf"),
                    Map.entry("otf", "font/otf"),
                    Map.entry("png", "image/png"),
                    Map.entry("apng", "image/apng"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("jpe", "image/jpeg"),
                    Map.entry("jfif", "image/jpeg"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("bmp", "image/bmp"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("avif", "image/avif"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("heif", "image/heif"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("svgz", "image/svg+xml"),
                    Map.entry("tif", "image/tiff"),
                    Map.entry("tiff", "image/tiff"),
                    Map.entry("ico", "image/vnd.microsoft.icon"),
                    Map.entry("ppm", "image/x-portable-pixmap"),
                    Map.entry("pgm", "image/x-portable-graymap"),
                    Map.entry("exr", "image/aces"),
                    Map.entry("hdr", "image/vnd.radiance"),
                    Map.entry("psd", "image/vnd.adobe.photoshop"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("wav", "audio/x-wav"),
                    Map.entry("flac", "audio/flac"),
                    Map.entry("ogg", "audio/ogg"),
                    Map.entry("oga", "audio/ogg"),
                    Map.entry("opus", "audio/ogg"),
                    Map.entry("m4a", "audio/mp4"),
                    Map.entry("aac", "audio/aac"),
                    Map.entry("aif", "audio/x-aiff"),
                    Map.entry("aiff", "audio/x-aiff"),
                    Map.entry("mid", "audio/midi"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("m4v", "video/mp4"),
                    Map.entry("webm", "video/webm"),
                    Map.entry("mov", "video/quicktime"),
                    Map.entry("mkv", "video/x-matroska"),
                    Map.entry("avi", "video/x-msvideo"),
                    Map.entry("mpeg", "video/mpeg"),
                    Map.entry("mpg", "video/mpeg"),
                    Map.entry("ogv", "video/ogg"),
                    Map.entry("glb", "model/gltf-binary"),
                    Map.entry("gltf", "model/gltf+json"),
                    Map.entry("obj", "model/obj"),
                    Map.entry("stl", "model/stl"));

    /// Python takes these for a coding of what the name says before them.
    private static final Set<String> CODINGS = Set.of("gz", "bz2", "xz", "br");

    private MimeTypes() {}

    /// The type of a file of that name; `application/octet-stream` for others.
    public static String of(String name) {
        return TYPES.getOrDefault(extension(name), Response.BYTES);
    }

    /// The type with which a file is sent that nobody looked into: as [#of], but that of `.js` says no
    /// character set and that of `.gz` names the coding.
    public static String ofStored(String name) {
        if (name.toLowerCase(Locale.ROOT).endsWith(".gz")) {
            return "application/gzip";
        }
        String type = of(name);
        int parameters = type.indexOf(';');
        return parameters < 0 ? type : type.substring(0, parameters);
    }

    /// Whether a browser would run or render what such a file says as a page of ours.
    public static boolean isActive(String name) {
        return switch (extension(name)) {
            case "html", "htm", "xhtml", "js", "mjs", "css", "svg", "svgz", "xml" -> true;
            default -> false;
        };
    }

    private static String extension(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String last = lower.substring(lower.lastIndexOf('.') + 1);
        if (!CODINGS.contains(last) || last.length() == lower.length()) {
            return last;
        }
        String coded = lower.substring(0, lower.length() - last.length() - 1);
        return coded.substring(coded.lastIndexOf('.') + 1);
    }
}
