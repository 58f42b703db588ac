package comfyserverless.localstack.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Answers that the gateway gives itself.
final class Answers {
    private Answers() {}

    static void send(Response response, Callback callback, int status, String json) {
        response.setStatus(status);
        response.getHeaders().put("content-type", "application/json");
        response.write(true, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), callback);
    }

    /// A value whose characters beyond ASCII reach the client as UTF-8 bytes: the server writes each
    /// character as one byte.
    static String headerValue(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
