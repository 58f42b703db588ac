package comfyserverless.handlers.security;

import comfyserverless.handlers.http.Request;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which Host and Origin headers are accepted (server.py's origin check, ComfyUI 0.3.64, and more).
///
/// 1. On a loopback host the Origin must name the same host and port; where one of them has no port
///    the ports are not compared. Or it is one that is trusted by itself, such as that of a page's own
///    development server.
/// 2. A name that is neither loopback, an address, nor trusted may belong to an attacker's DNS that
///    leads here (DNS rebinding): such a request is refused unless it is a read by a page from
///    elsewhere, whose browser keeps the answer from it. What a socket says no browser keeps from any page, so
///    sockets to such a name are always refused.
public final class HostRule {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final String ANY = "*";
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Set<String> trusted;

    /// Trusts loopback names, addresses and these.
    ///
    /// @param trusted further host names without ports, and origins (`http://name:port`), lower case
    public HostRule(Set<String> trusted) {
        this.trusted = Set.copyOf(trusted);
    }

    /// Whether the request may go on.
    public boolean allows(Request request) {
        return allows(
                request.method(),
                request.header("host").orElse(null),
                request.header("origin").orElse(null));
    }

    /// Whether a socket may be opened with these headers.
    public boolean allowsSocket(@Nullable String host, @Nullable String origin) {
        return allows("UPGRADE", host, origin);
    }

    /// Whether a request with these headers may go on.
    public boolean allows(String method, @Nullable String host, @Nullable String origin) {
        if (host == null || host.isBlank()) {
            return true;
        }
        Place here = Place.of(host);
        Optional<Place> from = Place.ofOrigin(origin);
        if (here.isLoopback()) {
            return from.isEmpty() || from.get().matches(here) || isTrusted(origin);
        }
        if (here.isAddress() || trusted.contains(here.name()) || trusted.contains(ANY)) {
            return true;
        }
        boolean foreign = from.isPresent() && !from.get().name().equals(here.name());
        return foreign && READS.contains(method);
    }

    private boolean isTrusted(@Nullable String origin) {
        return origin != null && trusted.contains(origin.strip().toLowerCase(Locale.ROOT));
    }

    /// A host with its port, -1 if none was given.
    private record Place(String name, int port) {
        static Place of(String host) {
            String lower = host.toLowerCase(Locale.ROOT).strip();
            int colon = lower.lastIndexOf(':');
            if (colon > lower.lastIndexOf(']') && colon > 0) {
                try {
                    return new Place(
                            lower.substring(0, colon),
                            Integer.parseInt(lower.substring(colon + 1)));
                } catch (NumberFormatException e) {
                    return new Place(lower, -1);
                }
            }
            return new Place(lower, -1);
        }

        static Optional<Place> ofOrigin(@Nullable String origin) {
            if (origin == null || origin.isBlank()) {
                return Optional.empty();
            }
            try {
                String authority = URI.create(origin.strip()).getRawAuthority();
                // "null" (a sandboxed page, a file) has none and matches nothing.
                return Optional.of(of(authority == null ? origin : authority));
            } catch (IllegalArgumentException e) {
                return Optional.of(new Place(origin.toLowerCase(Locale.ROOT), -1));
            }
        }

        boolean matches(Place other) {
            boolean ports = port < 0 || other.port < 0 || port == other.port;
            return ports && name.equals(other.name);
        }

        boolean isLoopback() {
            return name.equals("localhost")
                    || name.endsWith(".localhost")
                    || name.equals("[::1]")
                    || (name.startsWith("127.") && IPV4.matcher(name).matches());
        }

        boolean isAddress() {
            return name.startsWith("[") || IPV4.matcher(name).matches();
        }
    }
}
