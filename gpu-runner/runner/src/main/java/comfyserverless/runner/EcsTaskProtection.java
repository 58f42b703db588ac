package comfyserverless.runner;

import comfyserverless.runner.claim.TaskProtection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [TaskProtection] by the agent of ECS beside the container (`$ECS_AGENT_URI/task-protection/v1/state`). Protection
/// ends by itself after two hours, so it is renewed while a job runs. It covers scaling in and deployments; a spot
/// instance is taken all the same.
final class EcsTaskProtection implements TaskProtection {
    private static final Logger LOG = LoggerFactory.getLogger(EcsTaskProtection.class);
    private static final Duration LIFE = Duration.ofHours(2);
    private static final Duration RENEWED_AFTER = Duration.ofMinutes(30);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final URI state;
    private final Clock clock;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<Object> holders = new HashSet<>();
    private Instant asked = Instant.EPOCH;

    EcsTaskProtection(URI agent, Clock clock) {
        this.state = URI.create(agent + "/task-protection/v1/state");
        this.clock = clock;
    }

    /// That of the environment; none outside ECS.
    static TaskProtection of(Map<String, String> environment, Clock clock) {
        String agent = environment.get("ECS_AGENT_URI");
        return agent == null ? NONE : new EcsTaskProtection(URI.create(agent), clock);
    }

    @Override
    public synchronized void hold(Object holder) {
        holders.add(holder);
        Instant now = clock.instant();
        if (now.isBefore(asked.plus(RENEWED_AFTER))) {
            return;
        }
        if (put("{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":" + LIFE.toMinutes() + "}")) {
            asked = now;
        }
    }

    @Override
    public synchronized void release(Object holder) {
        holders.remove(holder);
        if (holders.isEmpty() && put("{\"ProtectionEnabled\":false}")) {
            asked = Instant.EPOCH;
        }
    }

    private boolean put(String body) {
        HttpRequest request =
                HttpRequest.newBuilder(state)
                        .timeout(ANSWER)
                        .header("content-type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            boolean done = answer.statusCode() == 200 && !answer.body().contains("\"failure\"");
            if (!done) {
                LOG.warn(
                        "{} answered {} {} to {}", state, answer.statusCode(), answer.body(), body);
            }
            return done;
        } catch (IOException e) {
            LOG.warn("{} did not answer to {}", state, body, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
