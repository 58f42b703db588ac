package comfyserverless.localstack.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Serves the store's signed addresses under the gateway's own origin, as CloudFront does: a canvas of
/// the page may then read the pictures. Only addresses that the gateway itself handed out are
/// followed.
final class SignedFiles extends Handler.Abstract {
    private static final String PREFIX = "/_files";
    private static final String SEAL = "seal=";
    private static final List<String> ASKED =
            List.of("range", "if-range", "if-none-match", "if-modified-since");
    private static final List<String> ANSWERED =
            List.of(
                    "content-type",
                    "content-length",
                    "content-range",
                    "content-disposition",
                    "cache-control",
                    "etag",
                    "last-modified");

    private final @Nullable URI store;
    private final SecretKeySpec key;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    SignedFiles(@Nullable URI store, String secret) {
        super(InvocationType.BLOCKING);
        this.store = store;
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /// The address under this gateway for one of the store; other addresses stay as they are.
    String ownAddress(String address) {
        if (store == null || !address.startsWith(store + "/")) {
            return address;
        }
        String rest = address.substring(store.toString().length());
        return PREFIX + rest + (rest.indexOf('?') < 0 ? "?" : "&") + SEAL + seal(rest);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
            throws IOException, InterruptedException {
        String address = request.getHttpURI().getPathQuery();
        if (store == null || !address.startsWith(PREFIX + "/")) {
            return false;
        }
        int end = address.lastIndexOf(SEAL);
        String rest = end < 0 ? "" : address.substring(PREFIX.length(), end - 1);
        if (end < 0 || !isSealed(rest, address.substring(end + SEAL.length()))) {
            Response.writeError(request, response, callback, 403);
            return true;
        }
        URI to = URI.create(store + rest);
        if (request.getMethod().equals("PUT")) {
            SignedPuts.relay(client, request, response, to);
        } else {
            relay(request, response, to);
        }
        callback.succeeded();
        return true;
    }

    private void relay(Request request, Response response, URI from)
            throws IOException, InterruptedException {
        HttpRequest.Builder ask = HttpRequest.newBuilder(from);
        for (String name : ASKED) {
            String value = request.getHeaders().get(name);
            if (value != null) {
                ask.header(name, value);
            }
        }
        HttpResponse<InputStream> answer =
                client.send(ask.build(), HttpResponse.BodyHandlers.ofInputStream());
        response.setStatus(answer.statusCode());
        for (String name : ANSWERED) {
            answer.headers().firstValue(name).ifPresent(v -> response.getHeaders().put(name, v));
        }
        response.getHeaders().put("accept-ranges", "bytes");
        response.getHeaders().put("x-content-type-options", "nosniff");
        response.getHeaders().put("content-security-policy", "sandbox; default-src 'none'");
        try (InputStream in = answer.body()) {
            if (!request.getMethod().equals("HEAD")) {
                try (OutputStream out = Content.Sink.asOutputStream(response)) {
                    in.transferTo(out);
                }
            }
        }
    }

    private String seal(String address) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(address.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private boolean isSealed(String address, String given) {
        return MessageDigest.isEqual(
                seal(address).getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    }
}
