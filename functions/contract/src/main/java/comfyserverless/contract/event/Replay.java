package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Tells a client that is back how its jobs ended that ended while it was away: their `executed`
/// messages and their end, from the event log.
public final class Replay {
    private static final Set<String> ENDS =
            Set.of("execution_success", "execution_error", "execution_interrupted");

    private final EventLog log;
    private final Missed missed;
    private final Post post;

    public Replay(EventLog log, Missed missed, Post post) {
        this.log = log;
        this.missed = missed;
        this.post = post;
    }

    /// Tells of each job once; what cannot be sent waits for the next socket.
    public void to(Connection connection) {
        for (String promptId : missed.of(connection.tenant(), connection.clientId())) {
            if (missed.take(connection, promptId) && !sent(connection, promptId)) {
                missed.add(connection.tenant(), connection.clientId(), promptId);
                return;
            }
        }
    }

    private boolean sent(Connection connection, String promptId) {
        List<EventLog.Logged> messages = log.read(new JobKey(connection.tenant(), promptId));
        return messages.stream()
                .filter(message -> isWorthTelling(message.json()))
                .allMatch(message ->
                        post.text(connection.connectionId(), message.json()) != Post.Outcome.GONE);
    }

    private static boolean isWorthTelling(String json) {
        JsonNode message = Json.readStored(json.getBytes(StandardCharsets.UTF_8));
        String type = message.path("type").asText();
        return type.equals("executed")
                || ENDS.contains(type)
                || (type.equals("executing") && message.at("/data/node").isNull());
    }
}
