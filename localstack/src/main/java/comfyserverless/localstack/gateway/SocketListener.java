package comfyserverless.localstack.gateway;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what happens on one socket into events, one after another. Virtual threads call the
/// function; the socket asks for its next message when the last one has been handled. Public since
/// Jetty calls it by reflection.
public final class SocketListener implements Session.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SocketListener.class);

    private final OpenSocket socket;
    private final Sockets sockets;
    private final SocketFunction function;
    private final GatewayLimits limits;
    private @Nullable Session session;

    SocketListener(
            OpenSocket socket, Sockets sockets, SocketFunction function, GatewayLimits limits) {
        this.socket = socket;
        this.sockets = sockets;
        this.function = function;
        this.limits = limits;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        opened.setMaxTextMessageSize(limits.message());
        opened.setMaxFrameSize(limits.frame());
        opened.setAutoFragment(false);
        opened.setMaxOutgoingFrames(-1);
        opened.setIdleTimeout(Duration.ZERO);
        socket.opened(opened);
        sockets.opened(socket);
        opened.demand();
    }

    @Override
    public void onWebSocketText(String message) {
        socket.active();
        Thread.startVirtualThread(() -> {
            try {
                function.call(SocketEvents.message(socket, message));
            } finally {
                demand();
            }
        });
    }

    private void demand() {
        Session open = session;
        if (open != null && open.isOpen()) {
            open.demand();
        }
    }

    /// API Gateway takes no binary messages.
    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        socket.close(StatusCode.BAD_DATA, "binary messages are not supported");
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        socket.active();
        socket.pong(payload);
        demand();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        socket.active();
        demand();
    }

    /// A connection that breaks is closed, which is told next; there is nothing else to do.
    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("Socket {} broke", socket.id(), cause);
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        sockets.closed(socket);
        callback.succeed();
        Thread.startVirtualThread(() ->
                function.call(SocketEvents.disconnect(socket, status, String.valueOf(reason))));
    }
}
