package comfyserverless.admin.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file name in a `Content-Disposition` (RFC 6266): `filename*` first, then `filename`.
final class ContentDisposition {
    private static final Pattern EXTENDED =
            Pattern.compile("filename\\*\\s*=\\s*UTF-8''([^;\\s]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTED =
            Pattern.compile(
                    "filename\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLAIN =
            Pattern.compile("filename\\s*=\\s*([^;\"\\s]+)", Pattern.CASE_INSENSITIVE);

    private ContentDisposition() {}

    /// Its last part, where it holds a path.
    static Optional<String> fileName(String header) {
        Matcher extended = EXTENDED.matcher(header);
        if (extended.find()) {
            return last(
                    URLDecoder.decode(
                            extended.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        Matcher quoted = QUOTED.matcher(header);
        if (quoted.find()) {
            return last(quoted.group(1).replaceAll("\\\\(.)", "$1"));
        }
        Matcher plain = PLAIN.matcher(header);
        return plain.find() ? last(plain.group(1)) : Optional.empty();
    }

    private static Optional<String> last(String name) {
        String slashed = name.replace('\\', '/');
        String last = slashed.substring(slashed.lastIndexOf('/') + 1);
        return last.isEmpty() ? Optional.empty() : Optional.of(last);
    }
}
