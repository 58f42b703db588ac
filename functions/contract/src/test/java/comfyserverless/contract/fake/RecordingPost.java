package comfyserverless.contract.fake;

import comfyserverless.contract.event.Post;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// [Post] that keeps what was sent.
public final class RecordingPost implements Post {
    private final boolean binary;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> gone = new HashSet<>();

    /// One message: `text` for JSON, else `bytes`.
    public sealed interface Sent {
        String connectionId();

        record Text(String connectionId, String json) implements Sent {}

        record Binary(String connectionId, List<Byte> bytes) implements Sent {}
    }

    public RecordingPost(boolean binary) {
        this.binary = binary;
    }

    @Override
    public synchronized Outcome text(String connectionId, String json) {
        return keep(
                new Sent.Text(connectionId, json), json.getBytes(StandardCharsets.UTF_8).length);
    }

    @Override
    public synchronized Outcome binary(String connectionId, byte[] bytes) {
        if (!binary) {
            throw new IllegalStateException("binary messages are not allowed here");
        }
        List<Byte> copy = new ArrayList<>();
        for (byte b : bytes) {
            copy.add(b);
        }
        return keep(new Sent.Binary(connectionId, copy), bytes.length);
    }

    private Outcome keep(Sent message, int size) {
        if (gone.contains(message.connectionId())) {
            return Outcome.GONE;
        }
        if (size > LARGEST) {
            return Outcome.TOO_LARGE;
        }
        sent.add(message);
        return Outcome.SENT;
    }

    @Override
    public boolean binaryAllowed() {
        return binary;
    }

    @Override
    public synchronized void disconnect(String connectionId) {
        close(connectionId);
    }

    /// From now on the connection answers GONE.
    public synchronized void close(String connectionId) {
        gone.add(connectionId);
    }

    public synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    /// The JSON texts sent to one connection, in order.
    public synchronized List<String> texts(String connectionId) {
        List<String> texts = new ArrayList<>();
        for (Sent message : sent) {
            if (message instanceof Sent.Text text && text.connectionId().equals(connectionId)) {
                texts.add(text.json());
            }
        }
        return texts;
    }
}
