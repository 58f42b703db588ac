package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.queue.QueueNews;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// The Lambda behind the table's stream: tells the sockets that were not told directly how many
/// prompts wait or run. Of several changes of one tenant in a batch only the last count is told.
public final class StatusEntry implements RequestStreamHandler {
    private static final String JOBS = "Q#";

    private final QueueNews news;

    /// As Lambda starts it: wired from the environment.
    public StatusEntry() {
        this(Wiring.fromEnvironment());
    }

    public StatusEntry(HandlerPorts ports) {
        this.news = Endpoints.news(ports);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        JsonNode event = Json.readStored(in.readAllBytes());
        Map<String, String> changed = new LinkedHashMap<>();
        for (JsonNode record : event.path("Records")) {
            JsonNode change = record.path("dynamodb");
            String partition = change.at("/Keys/PK/S").asText("");
            if (partition.startsWith(JOBS) && stateChanged(change)) {
                changed.put(
                        partition.substring(JOBS.length()),
                        image(change).at("/clientId/S").asText(""));
            }
        }
        changed.forEach(news::changedForTheRest);
        out.write(Json.writeBytes(answer()));
    }

    private static JsonNode answer() {
        var body = Json.object();
        body.putArray("batchItemFailures");
        return body;
    }

    private static boolean stateChanged(JsonNode change) {
        String before = change.at("/OldImage/st/S").asText("");
        String after = change.at("/NewImage/st/S").asText("");
        return !before.equals(after);
    }

    private static JsonNode image(JsonNode change) {
        return change.has("NewImage") ? change.path("NewImage") : change.path("OldImage");
    }
}
