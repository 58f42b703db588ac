package comfyserverless.localstack.gateway;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/// A client's socket, from its `$connect` event to its `$disconnect` event.
final class OpenSocket {
    /// A client that reads this much too slowly is cut off.
    private static final long MOST_UNSENT_BYTES = 64L << 20;

    private final String id;
    private final Instant connectedAt;
    private final String domain;
    private final String address;
    private final String userAgent;
    private final AtomicLong unsent = new AtomicLong();
    private volatile @Nullable Session session;
    private volatile Instant lastActive;

    OpenSocket(String id, Instant connectedAt, String domain, String address, String userAgent) {
        this.id = id;
        this.connectedAt = connectedAt;
        this.lastActive = connectedAt;
        this.domain = domain;
        this.address = address;
        this.userAgent = userAgent;
    }

    String id() {
        return id;
    }

    Instant connectedAt() {
        return connectedAt;
    }

    Instant lastActive() {
        return lastActive;
    }

    void active() {
        lastActive = Instant.now();
    }

    String domain() {
        return domain;
    }

    String address() {
        return address;
    }

    String userAgent() {
        return userAgent;
    }

    void opened(Session open) {
        session = open;
    }

    boolean isOpen() {
        Session open = session;
        return open != null && open.isOpen();
    }

    /// Queues a text message; messages go out in the order of these calls.
    boolean text(String text) {
        return send(text.length(), (open, sent) -> open.sendText(text, sent));
    }

    /// Queues a binary message.
    boolean binary(byte[] bytes) {
        return send(bytes.length, (open, sent) -> open.sendBinary(ByteBuffer.wrap(bytes), sent));
    }

    void pong(ByteBuffer payload) {
        Session open = session;
        if (open != null && open.isOpen()) {
            open.sendPong(payload, Callback.NOOP);
        }
    }

    void close(int status, String reason) {
        Session open = session;
        if (open != null) {
            open.close(status, reason, Callback.NOOP);
        }
    }

    @FunctionalInterface
    private interface Sending {
        void send(Session open, Callback sent);
    }

    private boolean send(int bytes, Sending sending) {
        Session open = session;
        if (open == null || !open.isOpen()) {
            return false;
        }
        if (unsent.addAndGet(bytes) > MOST_UNSENT_BYTES) {
            open.disconnect();
            return false;
        }
        active();
        sending.send(
                open,
                Callback.from(() -> unsent.addAndGet(-bytes), failure -> unsent.addAndGet(-bytes)));
        return true;
    }
}
