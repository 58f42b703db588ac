package comfyserverless.contract.event;

import java.util.List;
import java.util.function.Supplier;

/// Posts an [Event] to a connection in the form that its client and the gateway understand: JSON text,
/// true binary, or binary wrapped in text. A picture for a client that understands none is left out.
public final class Sender {
    private final Post post;
    private final Supplier<String> ids;
    private final int maxMessage;

    /// @param ids new names for frames that need parts
    /// @param maxMessage the longest text message in bytes
    public Sender(Post post, Supplier<String> ids, int maxMessage) {
        this.post = post;
        this.ids = ids;
        this.maxMessage = maxMessage;
    }

    /// What it posts with.
    public Post post() {
        return post;
    }

    public Post.Outcome send(Connection connection, Event event) {
        return switch (event) {
            case Event.Preview e -> {
                boolean metadata = ClientFeatures.of(connection.features()).previewMetadata();
                yield binary(connection, BinaryFrame.of(e.frame(), metadata));
            }
            case Event.ProgressText e -> binary(connection, BinaryFrame.of(e));
            default -> post.text(connection.connectionId(), EventJson.write(event));
        };
    }

    private Post.Outcome binary(Connection connection, BinaryFrame frame) {
        byte[] bytes = frame.encode();
        if (post.binaryAllowed()) {
            return post.binary(connection.connectionId(), bytes);
        }
        if (!ClientFeatures.of(connection.features()).binaryFrame()) {
            return Post.Outcome.SENT;
        }
        List<String> messages = WrappedFrame.wrap(bytes, ids.get(), maxMessage);
        for (String message : messages) {
            Post.Outcome outcome = post.text(connection.connectionId(), message);
            if (outcome != Post.Outcome.SENT) {
                return outcome;
            }
        }
        return Post.Outcome.SENT;
    }
}
