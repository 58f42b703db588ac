package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.time.Clock;
import java.util.List;

/// What a tenant's jobs have to say: kept for `/internal/logs`, and sent at once to the sockets that
/// follow it (`PATCH /internal/logs/subscribe`). A subscription lives and ends with its socket.
public final class LogNews {
    /// The size of the terminal that ComfyUI names where it has none.
    public static final int COLUMNS = 80;

    /// Its height.
    public static final int ROWS = 24;

    private static final String FOLLOWS = "follows_logs";

    private final JobLog log;
    private final Connections connections;
    private final Post post;
    private final Clock clock;

    public LogNews(JobLog log, Connections connections, Post post, Clock clock) {
        this.log = log;
        this.connections = connections;
        this.post = post;
        this.clock = clock;
    }

    /// Begins or ends a client's subscription; nothing if the client is not connected.
    public static void follow(
            Connections connections, String tenant, String clientId, boolean wanted) {
        connections
                .find(tenant, clientId)
                .ifPresent(connection -> {
                    ObjectNode features = connection.features().deepCopy();
                    connections.announce(connection, features.put(FOLLOWS, wanted));
                });
    }

    /// Keeps these pieces of output and sends them to those who follow.
    public void say(String tenant, List<String> texts) {
        List<JobLog.Line> lines =
                texts.stream().map(text -> new JobLog.Line(clock.instant(), text)).toList();
        log.append(tenant, lines);
        String json = null;
        for (Connection connection : connections.all(tenant)) {
            if (connection.features().path(FOLLOWS).asBoolean(false)) {
                json = json == null ? EventJson.write(message(lines)) : json;
                if (post.text(connection.connectionId(), json) == Post.Outcome.GONE) {
                    connections.disconnected(connection.connectionId());
                }
            }
        }
    }

    private static Event.Logs message(List<JobLog.Line> lines) {
        return new Event.Logs(entries(lines), COLUMNS, ROWS);
    }

    /// Lines as ComfyUI shows them: `[{t, m}]`.
    public static ArrayNode entries(List<JobLog.Line> lines) {
        ArrayNode entries = Json.mapper().createArrayNode();
        for (JobLog.Line line : lines) {
            entries.addObject().put("t", line.at().toString()).put("m", line.text());
        }
        return entries;
    }
}
