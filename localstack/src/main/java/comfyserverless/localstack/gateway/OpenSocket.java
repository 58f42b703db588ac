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

    /// The longest frame that goes out, in bytes.
    private static final int FRAME = 30_000;

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

    /// Queues a text message; messages go out in the order of these calls, a long one in several frames.
    synchronized boolean text(String text) {
        int from = 0;
        boolean sent;
        do {
            int to = end(text, from);
            String part = text.substring(from, to);
            boolean last = to == text.length();
            sent = send(part.length(), (open, done) -> open.sendPartialText(part, last, done));
            from = to;
        } while (sent && from < text.length());
        return sent;
    }

    /// Where the part of a text ends that begins at `from`: between characters, within a frame even if
    /// each takes three bytes.
    private static int end(String text, int from) {
        int to = Math.min(text.length(), from + FRAME / 3);
        return to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    }

    /// Queues a binary message.
    synchronized boolean binary(byte[] bytes) {
        int from = 0;
        boolean sent;
        do {
            int count = Math.min(FRAME, bytes.length - from);
            ByteBuffer part = ByteBuffer.wrap(bytes, from, count);
            boolean last = from + count == bytes.length;
            sent = send(count, (open, done) -> open.sendPartialBinary(part, last, done));
            from += count;
        } while (sent && from < bytes.length);
        return sent;
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
