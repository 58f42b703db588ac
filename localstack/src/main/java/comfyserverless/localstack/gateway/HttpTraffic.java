package comfyserverless.localstack.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.BodyLimit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each HTTP request to the function as an event, and its answer back: the HTTP API.
final class HttpTraffic extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTraffic.class);

    /// A client that sends more than this is cut off in the middle.
    private static final long MOST_DRAINED = 1L << 30;

    private final RequestStreamHandler function;
    private final GatewaySettings settings;
    private final SignedFiles files;

    HttpTraffic(RequestStreamHandler function, GatewaySettings settings, SignedFiles files) {
        super(InvocationType.BLOCKING);
        this.function = function;
        this.settings = settings;
        this.files = files;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
            throws IOException {
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(settings.limits().httpBody() + 1);
            if (body.length > settings.limits().httpBody()) {
                tooLarge(response, callback, body.length + drained(in));
                return true;
            }
        }
        byte[] event = Json.writeBytes(HttpEvents.event(request, body, settings.originSecret()));
        if (event.length > settings.limits().event()) {
            tooLarge(response, callback, body.length);
            return true;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        function.handleRequest(new ByteArrayInputStream(event), out, LocalContext.HTTP);
        if (out.size() > settings.limits().event()) {
            LOG.error(
                    "The answer to {} {} has {} bytes, Lambda's limit is {}",
                    request.getMethod(),
                    request.getHttpURI().getPath(),
                    out.size(),
                    settings.limits().event());
            Answers.send(response, callback, 502, "{\"message\":\"Internal Server Error\"}");
            return true;
        }
        answer(Json.readStored(out.toByteArray()), response, callback);
        return true;
    }

    /// Reads on, so that a client that sends everything before it looks for the answer gets to see it.
    private static long drained(InputStream in) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long count = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            count += read;
            if (count > MOST_DRAINED) {
                break;
            }
        }
        return count;
    }

    private void answer(JsonNode answer, Response response, Callback callback) {
        response.setStatus(answer.path("statusCode").asInt(200));
        answer.path("headers")
                .properties()
                .forEach(header ->
                        response.getHeaders()
                                .put(header.getKey(), value(header.getKey(), header.getValue())));
        answer.path("cookies").forEach(c -> response.getHeaders().add("set-cookie", c.asText()));
        String text = answer.path("body").asText("");
        String location = answer.at("/headers/location").asText("");
        if (!location.isEmpty()) {
            // What a location names stands in the body too where a program reads it.
            text = text.replace(location, files.ownAddress(location));
        }
        byte[] body =
                answer.path("isBase64Encoded").asBoolean(false)
                        ? Base64.getDecoder().decode(text)
                        : text.getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private String value(String name, JsonNode value) {
        String text = value.asText();
        return name.equalsIgnoreCase("location")
                ? files.ownAddress(text)
                : Answers.headerValue(text);
    }

    private static void tooLarge(Response response, Callback callback, long bytes) {
        Answers.send(
                response,
                callback,
                413,
                new String(BodyLimit.exceeded(bytes).response().body(), StandardCharsets.UTF_8));
    }
}
