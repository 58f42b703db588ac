package comfyserverless.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.runner.claim.TaskProtection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against an agent that answers as ECS documents it.
class EcsTaskProtectionTest {
    private static final String HELD = "{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":120}";
    private static final String FREE = "{\"ProtectionEnabled\":false}";

    private final ManualClock clock = new ManualClock();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String answer = "{\"protection\":{\"ProtectionEnabled\":true}}";
    private final HttpServer agent;

    EcsTaskProtectionTest() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        agent.createContext(
                "/task-protection/v1/state",
                exchange -> {
                    asked.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    private TaskProtection protection() {
        return new EcsTaskProtection(
                URI.create("http://127.0.0.1:" + agent.getAddress().getPort()), clock);
    }

    @Test
    void a_held_task_asks_again_only_after_half_an_hour() {
        TaskProtection protection = protection();
        protection.hold(this);
        clock.advance(Duration.ofMinutes(29));
        protection.hold(this);
        assertThat(asked).containsExactly(HELD);
        clock.advance(Duration.ofMinutes(1));
        protection.hold(this);
        assertThat(asked).containsExactly(HELD, HELD);
    }

    @Test
    void the_task_is_free_when_none_of_its_runners_holds_it() {
        TaskProtection protection = protection();
        protection.hold("one");
        protection.hold("other");
        protection.release("one");
        assertThat(asked).containsExactly(HELD);
        protection.release("other");
        assertThat(asked).containsExactly(HELD, FREE);
    }

    @Test
    void a_refusal_is_asked_about_again() {
        answer = "{\"failure\":{\"Reason\":\"DEPLOYMENT_BLOCKED\"}}";
        TaskProtection protection = protection();
        protection.hold(this);
        protection.hold(this);
        assertThat(asked).containsExactly(HELD, HELD);
    }

    @Test
    void outside_ecs_nobody_is_asked() {
        assertThat(EcsTaskProtection.of(Map.of(), clock)).isSameAs(TaskProtection.NONE);
    }
}
