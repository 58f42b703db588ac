package comfyserverless.localstack.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The function behind the sockets.
final class SocketFunction {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFunction.class);
    private static final int FAILED = 502;

    private final RequestStreamHandler function;

    SocketFunction(RequestStreamHandler function) {
        this.function = function;
    }

    /// Calls it; returns the status that it answered.
    int call(ObjectNode event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            function.handleRequest(
                    new ByteArrayInputStream(Json.writeBytes(event)), out, LocalContext.SOCKET);
        } catch (IOException | RuntimeException e) {
            LOG.error("The socket function failed on {}", event.at("/requestContext/routeKey"), e);
            return FAILED;
        }
        JsonNode answer = out.size() == 0 ? Json.object() : Json.readStored(out.toByteArray());
        return answer.path("statusCode").asInt(200);
    }
}
