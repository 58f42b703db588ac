package comfyserverless.handlers.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.system.Features;
import java.util.Map;
import java.util.Optional;

/// A client's frames. Its first JSON object may be `feature_flags` and is then answered with the
/// server's; text that is no JSON object does not use up that chance. Flags that an extension of the
/// page announces later are added. All else is ignored.
public final class Handshake {
    /// Marks in the stored flags that the client's first object has come.
    private static final String BEGUN = "_begun";

    private static final int LONGEST_FLAG = 64;
    private static final int MOST_FLAGS = 64;

    private final Connections connections;
    private final Post post;
    private final HandlerSettings settings;

    public Handshake(Connections connections, Post post, HandlerSettings settings) {
        this.connections = connections;
        this.post = post;
        this.settings = settings;
    }

    public void received(String connectionId, String text) {
        Optional<ObjectNode> message = object(text);
        Optional<Connection> connection = connections.byConnectionId(connectionId);
        if (message.isEmpty() || connection.isEmpty()) {
            return;
        }
        boolean first = !connection.get().features().has(BEGUN);
        boolean flags = message.get().path("type").asText("").equals("feature_flags");
        if (first || flags) {
            ObjectNode known = connection.get().features().deepCopy();
            if (flags && message.get().get("data") instanceof ObjectNode announced) {
                add(announced, known);
            }
            connections.announce(connection.get(), known.put(BEGUN, true));
        }
        if (first && flags) {
            JsonNode ours = Features.flags(settings);
            post.text(connectionId, Json.write(EventJson.message("feature_flags", ours)));
        }
    }

    /// Flags are short words with plain values; anything else is not kept.
    private static void add(ObjectNode announced, ObjectNode known) {
        for (Map.Entry<String, JsonNode> flag : announced.properties()) {
            boolean plain = flag.getValue().isBoolean() || flag.getValue().isNumber();
            if (plain && flag.getKey().length() <= LONGEST_FLAG && known.size() < MOST_FLAGS) {
                known.set(flag.getKey(), flag.getValue());
            }
        }
    }

    private static Optional<ObjectNode> object(String text) {
        try {
            return Json.read(text) instanceof ObjectNode object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (MalformedJson e) {
            return Optional.empty();
        }
    }
}
