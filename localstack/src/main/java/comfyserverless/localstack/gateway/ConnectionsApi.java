package comfyserverless.localstack.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `POST`, `GET` and `DELETE /@connections/{id}`, as the SDK's ApiGatewayManagementApiClient calls
/// them. A post whose [Post#KIND_HEADER] says `binary` sends a true binary message, where the settings
/// allow it: API Gateway cannot.
final class ConnectionsApi extends Handler.Abstract {
    private static final String PREFIX = "/@connections/";

    private final Sockets sockets;
    private final GatewaySettings settings;

    ConnectionsApi(Sockets sockets, GatewaySettings settings) {
        super(InvocationType.BLOCKING);
        this.sockets = sockets;
        this.settings = settings;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
            throws IOException {
        String path = URLDecoder.decode(request.getHttpURI().getPath(), StandardCharsets.UTF_8);
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        // Every SDK signs; a page in a browser cannot set this header without asking first.
        String authorization = request.getHeaders().get("authorization");
        if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
            problem(response, callback, 403, "ForbiddenException", "the request is not signed");
            return true;
        }
        Optional<OpenSocket> socket = sockets.find(path.substring(PREFIX.length()));
        if (socket.isEmpty()) {
            problem(response, callback, 410, "GoneException", "no such connection");
            return true;
        }
        switch (request.getMethod()) {
            case "POST" -> post(socket.get(), request, response, callback);
            case "GET" -> describe(socket.get(), response, callback);
            case "DELETE" -> {
                socket.get().close(1000, "closed by the server");
                response.setStatus(204);
                callback.succeeded();
            }
            default -> problem(response, callback, 405, "ForbiddenException", "no such method");
        }
        return true;
    }

    private void post(OpenSocket socket, Request request, Response response, Callback callback)
            throws IOException {
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(settings.limits().message() + 1);
        }
        if (body.length > settings.limits().message()) {
            problem(
                    response,
                    callback,
                    413,
                    "PayloadTooLargeException",
                    "a message has at most " + settings.limits().message() + " bytes");
            return;
        }
        boolean binary =
                settings.binaryFrames()
                        && "binary".equals(request.getHeaders().get(Post.KIND_HEADER));
        boolean sent =
                binary
                        ? socket.binary(body)
                        : socket.text(new String(body, StandardCharsets.UTF_8));
        if (!sent) {
            problem(response, callback, 410, "GoneException", "the connection has closed");
            return;
        }
        response.setStatus(200);
        callback.succeeded();
    }

    private static void describe(OpenSocket socket, Response response, Callback callback) {
        ObjectNode body = Json.object();
        body.put("connectedAt", socket.connectedAt().toString());
        body.put("lastActiveAt", socket.lastActive().toString());
        body.putObject("identity")
                .put("sourceIp", socket.address())
                .put("userAgent", socket.userAgent());
        Answers.send(response, callback, 200, Json.write(body));
    }

    private static void problem(
            Response response, Callback callback, int status, String type, String message) {
        response.getHeaders().put("x-amzn-errortype", type);
        Answers.send(response, callback, status, Json.write(Json.object().put("message", message)));
    }
}
