package comfyserverless.aws.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;

/// Against a service that answers as ECS documents it.
class EcsRunnersTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final EcsClient ecs;
    private volatile int desired;
    private volatile int status = 200;

    EcsRunnersTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        ecs =
                EcsClient.builder()
                        .endpointOverride(
                                URI.create("http://localhost:" + server.getAddress().getPort()))
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("id", "secret")))
                        .overrideConfiguration(all -> all.retryStrategy(RetryMode.STANDARD))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(target.substring(target.indexOf('.') + 1) + " " + body);
        String text =
                status == 200
                        ? "{\"services\":[{\"serviceName\":\"runner\",\"desiredCount\":%d}]}"
                                .formatted(desired)
                        : "{\"__type\":\"ServerException\",\"message\":\"no\"}";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void stop() {
        ecs.close();
        server.stop(0);
    }

    private void wake() {
        new EcsRunners(ecs, "runners", "runner").wake();
    }

    @Test
    void a_service_without_tasks_gets_one() {
        wake();
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst()).startsWith("DescribeServices").contains("runners", "runner");
        assertThat(asked.getLast())
                .startsWith("UpdateService")
                .contains("\"service\":\"runner\"", "\"desiredCount\":1");
    }

    @Test
    void a_service_that_has_tasks_stays_as_it_is() {
        desired = 3;
        wake();
        assertThat(asked).singleElement().asString().startsWith("DescribeServices");
    }

    @Test
    void what_ecs_does_not_do_is_told_as_a_failure_of_now() {
        status = 500;
        assertThatThrownBy(this::wake)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the service runner");
    }
}
