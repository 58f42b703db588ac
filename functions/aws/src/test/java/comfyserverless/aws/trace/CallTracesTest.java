package comfyserverless.aws.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/// A daemon on loopback hears of calls to a queue on loopback.
class CallTracesTest {
    private static final String HEADER =
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    private final ManualClock clock = new ManualClock();
    private final DatagramSocket daemon;
    private final HttpServer server;
    private final int port;
    private volatile int status = 200;
    private @Nullable String header = HEADER;

    CallTracesTest() throws IOException {
        daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        daemon.setSoTimeout(5000);
        port = daemon.getLocalPort();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    clock.advance(Duration.ofMillis(250));
                    byte[] body = "{\"QueueUrl\":\"q\"}".getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("x-amzn-RequestId", "request-1");
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        daemon.close();
    }

    private void call() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("127.0.0.1", port);
        CallTraces traces = new CallTraces(address, () -> header, clock);
        try (SqsClient sqs =
                SqsClient.builder()
                        .endpointOverride(
                                URI.create("http://localhost:" + server.getAddress().getPort()))
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("id", "secret")))
                        .overrideConfiguration(all -> all.addExecutionInterceptor(traces))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            sqs.getQueueUrl(get -> get.queueName("q"));
        }
    }

    private JsonNode heard() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        daemon.receive(packet);
        String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("{\"format\":\"json\",\"version\":1}\n");
        return Json.read(text.substring(text.indexOf('\n') + 1));
    }

    @Test
    void a_call_is_a_part_of_the_functions_segment() throws IOException {
        call();
        JsonNode segment = heard();
        assertThat(segment.path("trace_id").asText())
                .isEqualTo("1-5759e988-bd862e3fe1be46a994272793");
        assertThat(segment.path("parent_id").asText()).isEqualTo("53995c3f42cd8ad8");
        assertThat(segment.path("id").asText()).matches("[0-9a-f]{16}");
        assertThat(segment.path("type").asText()).isEqualTo("subsegment");
        assertThat(segment.path("namespace").asText()).isEqualTo("aws");
        assertThat(segment.path("name").asText()).isEqualTo("Sqs");
        assertThat(segment.at("/aws/operation").asText()).isEqualTo("GetQueueUrl");
        assertThat(segment.at("/aws/region").asText()).isEqualTo("eu-west-1");
        assertThat(segment.at("/aws/request_id").asText()).isEqualTo("request-1");
        assertThat(segment.at("/http/response/status").asInt()).isEqualTo(200);
        assertThat(segment.has("error") || segment.has("fault")).isFalse();
        double took = segment.path("end_time").asDouble() - segment.path("start_time").asDouble();
        assertThat(took).isBetween(0.249, 0.251);
    }

    @Test
    void a_refused_call_is_an_error_in_it() throws IOException {
        status = 403;
        assertThatThrownBy(this::call).isInstanceOf(SqsException.class);
        JsonNode segment = heard();
        assertThat(segment.path("error").asBoolean()).isTrue();
        assertThat(segment.at("/http/response/status").asInt()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none", "Root=1-a;Parent=b;Sampled=0", "Root=1-a;Sampled=1", "nonsense"})
    void an_invocation_that_is_not_traced_sends_nothing(@Nullable String text) throws IOException {
        header = text;
        call();
        daemon.setSoTimeout(100);
        assertThatThrownBy(this::heard).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void calls_are_as_they_were_where_no_daemon_listens() {
        daemon.close();
        call();
        assertThat(CallTraces.of(Map.of(), Clock.systemUTC())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.79.129:2000, 169.254.79.129, 2000",
        "tcp:10.0.0.1:2000 udp:10.0.0.2:2001, 10.0.0.2, 2001"
    })
    void the_daemon_is_where_the_environment_says(String text, String host, int port) {
        assertThat(CallTraces.address(text))
                .contains(InetSocketAddress.createUnresolved(host, port));
    }
}
