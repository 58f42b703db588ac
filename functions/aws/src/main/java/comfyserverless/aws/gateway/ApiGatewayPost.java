package comfyserverless.aws.gateway;

import static comfyserverless.aws.Failures.failure;

import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.Pause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PostToConnectionRequest;

/// [Post] through API Gateway's `@connections`.
public final class ApiGatewayPost implements Post {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NO_SUCH_ID = 400;
    private static final int GONE = 410;
    private static final int TOO_LARGE = 413;

    private final ApiGatewayManagementApiClient gateway;
    private final boolean binaryAllowed;
    private final Pause pause;
    private final Clock clock;

    /// @param binaryAllowed only where the gateway is known to send binary messages
    /// @param pause the wait before an attempt is repeated
    public ApiGatewayPost(
            ApiGatewayManagementApiClient gateway,
            boolean binaryAllowed,
            Pause pause,
            Clock clock) {
        this.gateway = gateway;
        this.binaryAllowed = binaryAllowed;
        this.pause = pause;
        this.clock = clock;
    }

    @Override
    public Outcome text(String connectionId, String json) {
        return send(
                PostToConnectionRequest.builder()
                        .connectionId(connectionId)
                        .data(SdkBytes.fromUtf8String(json))
                        .build());
    }

    @Override
    public Outcome binary(String connectionId, byte[] bytes) {
        if (!binaryAllowed) {
            throw new IllegalStateException(
                    "a binary message to " + connectionId + ", but the gateway takes text only");
        }
        return send(
                PostToConnectionRequest.builder()
                        .connectionId(connectionId)
                        .data(SdkBytes.fromByteArray(bytes))
                        .overrideConfiguration(
                                override -> override.putHeader(KIND_HEADER, "binary"))
                        .build());
    }

    @Override
    public boolean binaryAllowed() {
        return binaryAllowed;
    }

    @Override
    public void disconnect(String connectionId) {
        attempt(
                connectionId,
                () -> gateway.deleteConnection(delete -> delete.connectionId(connectionId)));
    }

    private Outcome send(PostToConnectionRequest request) {
        return attempt(request.connectionId(), () -> gateway.postToConnection(request));
    }

    /// The caller waits meanwhile, so that nothing overtakes this message.
    private Outcome attempt(String connectionId, Runnable call) {
        Instant end = clock.instant().plus(PATIENCE);
        for (int round = 0; ; round++) {
            try {
                call.run();
                return Outcome.SENT;
            } catch (ApiGatewayManagementApiException e) {
                switch (e.statusCode()) {
                    case GONE, NO_SUCH_ID -> {
                        return Outcome.GONE;
                    }
                    case TOO_LARGE -> {
                        return Outcome.TOO_LARGE;
                    }
                    default -> again(connectionId, e, round, end);
                }
            } catch (SdkException e) {
                again(connectionId, e, round, end);
            }
        }
    }

    private void again(String connectionId, SdkException e, int round, Instant end) {
        if (clock.instant().isAfter(end) || Thread.currentThread().isInterrupted()) {
            throw failure("cannot post to connection " + connectionId, e);
        }
        pause.after(round);
    }
}
