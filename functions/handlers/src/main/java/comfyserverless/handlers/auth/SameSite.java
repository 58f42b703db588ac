package comfyserverless.handlers.auth;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Whether a browser sent something for a page of this server: browsers name the page's origin with
/// every request that can change something, and with every socket.
final class SameSite {
    private final Set<String> trusted;

    /// @param trusted further origins (`https://name:port`) and host names, lower case; a name stands for its
    ///     pages at the usual port, `*` for none
    SameSite(Set<String> trusted) {
        this.trusted = Set.copyOf(trusted);
    }

    boolean sent(Map<String, String> headers) {
        String origin = headers.get("origin");
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin.strip().toLowerCase(Locale.ROOT));
            String authority = page.getRawAuthority();
            String host = headers.getOrDefault("host", "").strip().toLowerCase(Locale.ROOT);
            return authority != null
                    && (authority.equals(host)
                            || trusted.contains(authority)
                            || trusted.contains(page.getScheme() + "://" + authority));
        } catch (IllegalArgumentException e) {
            // no origin that a browser would send
            return false;
        }
    }
}
