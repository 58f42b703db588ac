package comfyserverless.localstack.emulator.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/// The SDK's way to embedded services of its own process: what is sent to one of their ports is called, on the
/// caller's thread and without a socket; all else goes over the network. The bytes of requests and answers, and
/// injected faults, are those of the ports.
public final class DirectHttp implements SdkHttpClient {
    private final SdkHttpClient network;
    private final Map<Integer, JsonServer> byPort;

    /// @param network for every other address; closed with this
    public DirectHttp(SdkHttpClient network, JsonServer... servers) {
        this.network = network;
        this.byPort =
                Arrays.stream(servers)
                        .collect(
                                Collectors.toMap(
                                        server -> server.endpoint().getPort(),
                                        Function.identity()));
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        JsonServer server =
                request.httpRequest().host().equals("127.0.0.1")
                        ? byPort.get(request.httpRequest().port())
                        : null;
        return server == null ? network.prepareRequest(request) : new Call(server, request);
    }

    private record Call(JsonServer server, HttpExecuteRequest request)
            implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            String target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
            JsonServer.Answer answer = server.call(target, body());
            if (answer == null) {
                throw new IOException("the connection broke before the answer to " + target);
            }
            byte[] body = answer.body();
            return HttpExecuteResponse.builder()
                    .response(
                            SdkHttpFullResponse.builder()
                                    .statusCode(answer.status())
                                    .putHeader("Content-Type", JsonServer.TYPE)
                                    .putHeader("Content-Length", String.valueOf(body.length))
                                    .putHeader("x-amzn-RequestId", UUID.randomUUID().toString())
                                    .build())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }

        private byte[] body() throws IOException {
            if (request.contentStreamProvider().isEmpty()) {
                return new byte[0];
            }
            try (InputStream in = request.contentStreamProvider().get().newStream()) {
                return in.readAllBytes();
            }
        }

        @Override
        public void abort() {
            // A call runs on its caller's thread and is never waited for elsewhere.
        }
    }

    @Override
    public String clientName() {
        return "Direct";
    }

    @Override
    public void close() {
        network.close();
    }
}
