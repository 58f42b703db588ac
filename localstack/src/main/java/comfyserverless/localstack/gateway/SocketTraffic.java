package comfyserverless.localstack.gateway;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/// Opens sockets at /ws and /api/ws: the WebSocket API.
final class SocketTraffic extends Handler.Abstract {
    private static final Set<String> PATHS = Set.of("/ws", "/api/ws");

    private final ServerWebSocketContainer container;
    private final SocketFunction function;
    private final Sockets sockets;
    private final GatewaySettings settings;

    SocketTraffic(
            ServerWebSocketContainer container,
            SocketFunction function,
            Sockets sockets,
            GatewaySettings settings) {
        super(InvocationType.BLOCKING);
        this.container = container;
        this.function = function;
        this.sockets = sockets;
        this.settings = settings;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!PATHS.contains(request.getHttpURI().getPath())
                || !"websocket".equalsIgnoreCase(request.getHeaders().get("upgrade"))) {
            return false;
        }
        OpenSocket socket = sockets.of(request);
        int status = function.call(SocketEvents.connect(request, socket, settings.originSecret()));
        if (status != 200) {
            Answers.send(response, callback, status, "{\"message\":\"Forbidden\"}");
            return true;
        }
        boolean upgraded =
                container.upgrade(
                        (asked, answer, done) -> {
                            // Nothing is won by deflating messages on the way to the same machine.
                            answer.setExtensions(List.of());
                            return new SocketListener(socket, sockets, function, settings.limits());
                        },
                        request,
                        response,
                        callback);
        if (!upgraded) {
            function.call(SocketEvents.disconnect(socket, 1006, "not upgraded"));
            Response.writeError(request, response, callback, 400);
        }
        return true;
    }
}
