package comfyserverless.localstack.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Request;

/// The sockets that are open, by connection id.
final class Sockets {
    private static final int ID_BYTES = 11;

    private final Map<String, OpenSocket> open = new ConcurrentHashMap<>();
    private final Clock clock;
    private final RandomGenerator random;

    Sockets(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// A socket about to open, under a new connection id of API Gateway's form.
    OpenSocket of(Request request) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return new OpenSocket(
                Base64.getUrlEncoder().encodeToString(bytes),
                clock.instant(),
                Request.getServerName(request),
                Request.getRemoteAddr(request),
                String.valueOf(request.getHeaders().get("user-agent")));
    }

    void opened(OpenSocket socket) {
        open.put(socket.id(), socket);
    }

    void closed(OpenSocket socket) {
        open.remove(socket.id());
    }

    Optional<OpenSocket> find(String id) {
        return Optional.ofNullable(open.get(id)).filter(OpenSocket::isOpen);
    }

    int count() {
        return open.size();
    }

    /// Ends sockets that lived or were silent too long, as API Gateway does.
    void expire(GatewayLimits limits) {
        Instant now = clock.instant();
        for (OpenSocket socket : open.values()) {
            if (socket.connectedAt().plus(limits.life()).isBefore(now)
                    || socket.lastActive().plus(limits.idle()).isBefore(now)) {
                socket.close(1001, "Going away");
            }
        }
    }
}
