package comfyserverless.contract.event;

/// Sends bytes to an open socket (API Gateway's `@connections`).
public interface Post {
    /// A header of the local gateway's `@connections`: with the value `binary` the body goes out as a
    /// binary message. API Gateway knows text only.
    String KIND_HEADER = "x-message-kind";

    /// The bytes that API Gateway takes in one message.
    int LARGEST = 128 << 10;

    /// What became of a post.
    enum Outcome {
        SENT,
        /// The socket is gone (410): forget the connection.
        GONE,
        /// Larger than the gateway takes ([#LARGEST], 413).
        TOO_LARGE
    }

    /// Sends text. Throttles and server errors are retried in order for up to 10 s, then surface as
    /// [java.io.UncheckedIOException].
    Outcome text(String connectionId, String json);

    /// Sends a true binary message where the gateway may ([#binaryAllowed]).
    Outcome binary(String connectionId, byte[] bytes);

    boolean binaryAllowed();

    /// Closes the socket; one that is gone already stays so.
    void disconnect(String connectionId);
}
