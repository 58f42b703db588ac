package comfyserverless.localstack.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.HttpEntry;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.jetty.server.Request;

/// WebSocket traffic as API Gateway's events (the documentation's examples).
final class SocketEvents {
    private SocketEvents() {}

    static ObjectNode connect(Request request, OpenSocket socket, String originSecret) {
        ObjectNode event = Json.object();
        HttpEvents.headers(event, request.getHeaders()).put(HttpEntry.ORIGIN_SECRET, originSecret);
        String cookies = String.join("; ", request.getHeaders().getValuesList("cookie"));
        if (!cookies.isEmpty()) {
            ((ObjectNode) event.get("headers")).put("cookie", cookies);
        }
        HttpEvents.query(event, request.getHttpURI().getQuery());
        context(event, socket, "$connect", "CONNECT");
        return event.put("isBase64Encoded", false);
    }

    static ObjectNode message(OpenSocket socket, String text) {
        ObjectNode event = Json.object();
        context(event, socket, "$default", "MESSAGE")
                .put("messageId", UUID.randomUUID().toString());
        return event.put("body", text).put("isBase64Encoded", false);
    }

    static ObjectNode disconnect(OpenSocket socket, int status, String reason) {
        ObjectNode event = Json.object();
        context(event, socket, "$disconnect", "DISCONNECT")
                .put("disconnectStatusCode", status)
                .put("disconnectReason", reason);
        return event.put("isBase64Encoded", false);
    }

    private static ObjectNode context(
            ObjectNode event, OpenSocket socket, String routeKey, String eventType) {
        Instant now = Instant.now();
        ObjectNode context = event.putObject("requestContext");
        context.put("routeKey", routeKey).put("eventType", eventType);
        context.put("connectionId", socket.id());
        context.put("connectedAt", socket.connectedAt().toEpochMilli());
        context.put("requestTime", now.toString()).put("requestTimeEpoch", now.toEpochMilli());
        context.put("requestId", UUID.randomUUID().toString());
        context.put("messageDirection", "IN").put("stage", "local").put("apiId", "local");
        context.put("domainName", socket.domain());
        ObjectNode identity = context.putObject("identity");
        identity.put("sourceIp", socket.address()).put("userAgent", socket.userAgent());
        return context;
    }
}
