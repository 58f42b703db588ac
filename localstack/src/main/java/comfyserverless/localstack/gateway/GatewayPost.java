package comfyserverless.localstack.gateway;

import comfyserverless.contract.event.Post;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Post] to sockets of a gateway in the same process, with its limits: what `@connections` does, without a
/// signed request over the loopback for each message. Until the gateway is there nobody is connected.
public final class GatewayPost implements Post {
    /// A character takes at most so many in UTF-8.
    private static final int BYTES = 3;

    private final Supplier<@Nullable Gateway> gateway;
    private final boolean binaryAllowed;

    /// @param binaryAllowed whether true binary messages may be sent, which API Gateway cannot
    public GatewayPost(Supplier<@Nullable Gateway> gateway, boolean binaryAllowed) {
        this.gateway = gateway;
        this.binaryAllowed = binaryAllowed;
    }

    @Override
    public Outcome text(String connectionId, String json) {
        Gateway open = gateway.get();
        if (open == null) {
            return Outcome.GONE;
        }
        int most = open.limits().message();
        if (json.length() > most / BYTES && json.getBytes(StandardCharsets.UTF_8).length > most) {
            return Outcome.TOO_LARGE;
        }
        return outcome(
                open.sockets().find(connectionId).map(socket -> socket.text(json)).orElse(false));
    }

    @Override
    public Outcome binary(String connectionId, byte[] bytes) {
        if (!binaryAllowed) {
            throw new IllegalStateException(
                    "a binary message to " + connectionId + ", but the gateway takes text only");
        }
        Gateway open = gateway.get();
        if (open == null) {
            return Outcome.GONE;
        }
        if (bytes.length > open.limits().message()) {
            return Outcome.TOO_LARGE;
        }
        return outcome(
                open.sockets()
                        .find(connectionId)
                        .map(socket -> socket.binary(bytes))
                        .orElse(false));
    }

    @Override
    public void disconnect(String connectionId) {
        Gateway open = gateway.get();
        if (open != null) {
            open.sockets()
                    .find(connectionId)
                    .ifPresent(socket -> socket.close(1000, "closed by the server"));
        }
    }

    private static Outcome outcome(boolean sent) {
        return sent ? Outcome.SENT : Outcome.GONE;
    }

    @Override
    public boolean binaryAllowed() {
        return binaryAllowed;
    }
}
