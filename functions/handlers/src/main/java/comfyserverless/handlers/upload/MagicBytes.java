package comfyserverless.handlers.upload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How files of known kinds begin, by the end of their names.
final class MagicBytes {
    /// So many bytes of a file's beginning are needed.
    static final int NEEDED = 16;

    private static final List<Start> RIFF = List.of(at(0, "RIFF"));
    private static final List<Start> MPEG4 = List.of(at(4, "ftyp"));
    private static final List<Start> MATROSKA = List.of(at(0, "\u001aE\u00df\u00a3"));
    private static final List<Start> PICTURE =
            List.of(
                    at(0, "\u0089PNG\r\n\u001a\n"),
                    at(0, "\u00ff\u00d8\u00ff"),
                    at(8, "WEBP"),
                    at(0, "GIF8"),
                    at(0, "BM"),
                    at(0, "II*\0"),
                    at(0, "MM\0*"),
                    at(4, "ftyp"));

    private static final Map<String, List<Start>> KNOWN =
            Map.ofEntries(
                    Map.entry("png", PICTURE),
                    Map.entry("jpg", PICTURE),
                    Map.entry("jpeg", PICTURE),
                    Map.entry("webp", PICTURE),
                    Map.entry("gif", PICTURE),
                    Map.entry("bmp", PICTURE),
                    Map.entry("tif", PICTURE),
                    Map.entry("tiff", PICTURE),
                    Map.entry("avif", PICTURE),
                    Map.entry("mp4", MPEG4),
                    Map.entry("m4a", MPEG4),
                    Map.entry("m4v", MPEG4),
                    Map.entry("mov", List.of(at(4, "ftyp"), at(4, "moov"), at(4, "mdat"))),
                    Map.entry("webm", MATROSKA),
                    Map.entry("mkv", MATROSKA),
                    Map.entry("wav", RIFF),
                    Map.entry("avi", RIFF),
                    Map.entry("ogg", List.of(at(0, "OggS"))),
                    Map.entry("opus", List.of(at(0, "OggS"))),
                    Map.entry("flac", List.of(at(0, "fLaC"))),
                    Map.entry("mp3", List.of(at(0, "ID3"), at(0, "\u00ff"))),
                    Map.entry("glb", List.of(at(0, "glTF"))));

    @SuppressWarnings("ArrayRecordComponent")
    private record Start(int at, byte[] bytes) {
        boolean fits(byte[] head) {
            for (int i = 0; i < bytes.length; i++) {
                if (at + i >= head.length || head[at + i] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private MagicBytes() {}

    private static Start at(int place, String text) {
        return new Start(place, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Why a file that begins so cannot be what its name says; empty if it can, or if nothing is known
    /// of such names. A picture may be of another format than its name says, as everywhere else.
    static Optional<String> contradiction(String fileName, byte[] head) {
        String end = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        List<Start> starts = KNOWN.get(end);
        return starts == null || starts.stream().anyMatch(start -> start.fits(head))
                ? Optional.empty()
                : Optional.of("its first bytes are not those of a ." + end + " file");
    }
}
